import type { InstallationId, RepositoryRef } from '../github/ids.ts';

/**
 * What a job looks at: one environment (in lower case), the policy (the one on the default branch, or the one that a
 * pull request proposes), the protection of all environments, the deploy keys, or the whole repository, which fans out
 * into what needs a look.
 */
export type Scope =
  | { readonly kind: 'environment'; readonly environment: string }
  | { readonly kind: 'policy'; readonly pullRequest?: number }
  | { readonly kind: 'deploy-keys' }
  | { readonly kind: 'protection' }
  | { readonly kind: 'repository' };

export type ScopeKind = Scope['kind'];

/** What a delivery was about. It narrows the look of a `repository` job; without it the job looks at everything. */
export type Subject =
  | { readonly kind: 'pull_request'; readonly number: number; readonly headRef: string | null }
  | { readonly kind: 'ref'; readonly ref: string }
  /** `pullRequest`: the one whose `refs/pull/N/…` was deployed. */
  | { readonly kind: 'deployment'; readonly id: number; readonly createdAt: string; readonly pullRequest?: number };

/**
 * "Look at this", never "do that": it can be lost, doubled or late without harm, because what is done follows from
 * what GitHub says when it runs.
 */
export interface Job {
  readonly installation: InstallationId;
  readonly repository: RepositoryRef;
  readonly scope: Scope;
  /** Why somebody should look: an event such as `pull_request.closed`, or `sweep`. For logs. */
  readonly reason: string;
  /** Left out: everything in the scope. Empty: nothing in particular, a look at what is open is enough. */
  readonly about?: readonly Subject[];
  /** The report may announce deletions of deploy keys that it has not announced before. */
  readonly announces?: boolean;
  /** How GitHub spells the environment, as far as whoever asks knows: another process may run the job. */
  readonly spellings?: readonly string[];
  /** The deliveries (GitHub's GUIDs) that asked for it; for logs. */
  readonly deliveries?: readonly string[];
}

/** More subjects than this, and looking at everything is cheaper. */
const MOST_SUBJECTS = 20;
const MOST_DELIVERIES = 5;
/** More of one name than this, and somebody is playing. */
const MOST_SPELLINGS = 8;

/** Jobs of the same key never run at the same time, and those that wait are merged. */
export function jobKey(job: Job): string {
  const { scope } = job;
  return `${job.installation}/${job.repository.id}/${placeOf(scope)}`;
}

function placeOf(scope: Scope): string {
  switch (scope.kind) {
    case 'environment':
      return `environment:${scope.environment}`;
    case 'policy':
      return scope.pullRequest === undefined ? 'policy' : `policy:${scope.pullRequest}`;
    case 'deploy-keys':
    case 'protection':
    case 'repository':
      return scope.kind;
  }
}

/**
 * One job that looks at whatever either of two of the same key would have looked at. The newer one's names win: a
 * repository may have been renamed in between.
 */
export function mergeJobs(older: Job, newer: Job): Job {
  const { about: _older, deliveries: _deliveries, spellings: _spellings, ...rest } = newer;
  const about = mergeSubjects(older.about, newer.about);
  const deliveries = [...(older.deliveries ?? []), ...(newer.deliveries ?? [])].slice(-MOST_DELIVERIES);
  const spellings = [...new Set([...(older.spellings ?? []), ...(newer.spellings ?? [])])].slice(-MOST_SPELLINGS);
  return {
    ...rest,
    reason: older.reason === 'sweep' ? older.reason : newer.reason,
    ...(about === undefined ? {} : { about }),
    ...(older.announces === true ? { announces: true } : {}),
    ...(spellings.length === 0 ? {} : { spellings }),
    ...(deliveries.length === 0 ? {} : { deliveries }),
  };
}

function mergeSubjects(
  a: readonly Subject[] | undefined,
  b: readonly Subject[] | undefined,
): readonly Subject[] | undefined {
  if (a === undefined || b === undefined) return undefined;
  const all = new Map([...a, ...b].map((subject) => [JSON.stringify(subject), subject]));
  return all.size > MOST_SUBJECTS ? undefined : [...all.values()];
}
