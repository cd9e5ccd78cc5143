import type { Account, CommitStatus, Repository } from './model.ts';
import { nodeId } from './accounts.ts';
import type { World } from './world.ts';

export interface NewCommitStatus {
  readonly sha: string;
  readonly context?: string | undefined;
  readonly state: CommitStatus['state'];
  readonly description?: string | null | undefined;
  readonly targetUrl?: string | null | undefined;
  readonly creator: Account;
}

/** Adds a status to a commit; of each context the newest counts. */
export function addCommitStatus(world: World, repository: Repository, options: NewCommitStatus): CommitStatus {
  const id = world.nextId('status');
  const status: CommitStatus = {
    kind: 'StatusContext',
    id,
    nodeId: nodeId('SC', id),
    repository,
    sha: options.sha,
    context: options.context ?? 'default',
    state: options.state,
    description: options.description ?? null,
    targetUrl: options.targetUrl ?? null,
    creator: options.creator,
    createdAt: world.clock.now(),
  };
  const there = repository.commitStatuses.get(options.sha);
  if (there === undefined) repository.commitStatuses.set(options.sha, [status]);
  else there.push(status);
  world.emit({ name: 'status', repository, status, sender: options.creator });
  return status;
}

/** The newest status of each context, newest first. */
export function latestStatuses(repository: Repository, sha: string): CommitStatus[] {
  const newest = new Map<string, CommitStatus>();
  for (const status of repository.commitStatuses.get(sha) ?? []) newest.set(status.context, status);
  return [...newest.values()].sort((a, b) => b.id - a.id);
}

/** What all contexts of a commit come to; `pending` where there are none. */
export function combinedState(statuses: readonly CommitStatus[]): 'failure' | 'pending' | 'success' {
  if (statuses.some(({ state }) => state === 'error' || state === 'failure')) return 'failure';
  return statuses.length > 0 && statuses.every(({ state }) => state === 'success') ? 'success' : 'pending';
}
