import type { CommitStatus, Repository } from '../state/model.ts';
import type { Route } from './route.ts';

/** The newest status of each context, newest first. */
export function latestStatuses(repository: Repository, sha: string): CommitStatus[] {
  const newest = new Map<string, CommitStatus>();
  for (const status of repository.commitStatuses.get(sha) ?? []) newest.set(status.context, status);
  return [...newest.values()].sort((a, b) => b.id - a.id);
}

export const commitStatusRoutes: readonly Route[] = [];
