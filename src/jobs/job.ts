import { fullName, type DeploymentId, type InstallationId, type RepositoryRef } from '../github/ids.ts';

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
  | {
      readonly kind: 'deployment';
      readonly id: number;
      readonly createdAt: string;
      readonly pullRequest?: number;
      readonly sha?: string;
      /** The delivery tells of its success. */
      readonly succeeded?: true;
    }
  /** Something that gates look at has changed on a commit: a check, a status, a run. */
  | { readonly kind: 'commit'; readonly sha: string }
  /** What gates ask about a pull request may have changed. */
  | { readonly kind: 'review'; readonly pullRequest: number }
  /**
   * A run of Actions asks whether it may deploy to the job's environment; `deployment`: the one that it asks for, and when
   * that was created, as GitHub writes it. `found`: it was seen to wait, perhaps for somebody else. `environment`: as GitHub
   * spells it.
   */
  | {
      readonly kind: 'waiting_run';
      readonly run: number;
      readonly environment?: string;
      readonly deployment?: DeploymentId;
      readonly createdAt?: string;
      readonly found?: true;
    }
  /** Whatever waits for a gate. */
  | { readonly kind: 'waiting' };

export type WaitingRun = Extract<Subject, { readonly kind: 'waiting_run' }>;

/** Somebody pressed a button of a check run about the job's environment. A press that is lost has to be repeated. */
export interface Press {
  readonly button: 'reevaluate' | 'bypass';
  /** The login of who pressed it. */
  readonly by: string;
  /** The commit of the check run. */
  readonly sha: string;
  /** The same in every delivery of one press. Left out by older versions. */
  readonly id?: string;
}

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
  /** Runs that ask, where they are too many to be among what it is about. One that is not answered waits for the next sweep. */
  readonly asking?: readonly WaitingRun[];
  /** Buttons that were pressed, oldest first. */
  readonly presses?: readonly Press[];
  /** The report may announce deletions of deploy keys that it has not announced before. */
  readonly announces?: boolean;
  /** How GitHub spells the environment, as far as whoever asks knows: another process may run the job. */
  readonly spellings?: readonly string[];
  /** The version of the policy that was accepted when it was asked for, where whoever runs it could not know. */
  readonly accepted?: string;
  /** The deliveries (GitHub's GUIDs) that asked for it. Left out: none has, and nobody waits for it. */
  readonly deliveries?: readonly string[];
}

/** More subjects than this, and looking at everything is cheaper. */
const MOST_SUBJECTS = 20;
/** More runs than this do not ask in one environment at once, or somebody is playing. */
const MOST_ASKING = 500;
const MOST_PRESSES = 20;
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
  const accepted = newer.accepted ?? older.accepted;
  const { about: _older, deliveries: _deliveries, spellings: _spellings, ...rest } = withoutAskers(newer);
  const about = mergeSubjects(older.about, newer.about);
  const asking = mergeAsking(older, newer, about);
  const presses = mergePresses(older.presses ?? [], newer.presses ?? []);
  const deliveries = [...(older.deliveries ?? []), ...(newer.deliveries ?? [])].slice(-MOST_DELIVERIES);
  const spellings = [...new Set([...(older.spellings ?? []), ...(newer.spellings ?? [])])].slice(-MOST_SPELLINGS);
  return {
    ...rest,
    reason: reasonOfBoth(older, newer),
    ...(about === undefined ? {} : { about }),
    ...(asking.length === 0 ? {} : { asking }),
    ...(presses.length === 0 ? {} : { presses }),
    ...(older.announces === true ? { announces: true } : {}),
    ...(spellings.length === 0 ? {} : { spellings }),
    ...(accepted === undefined ? {} : { accepted }),
    ...(deliveries.length === 0 ? {} : { deliveries }),
  };
}

/**
 * A sweep of a repository stays one. At an environment a sweep looks as everybody does, and what it asks for may be left
 * to the next one: not so once somebody else asks, such as a timer.
 */
function reasonOfBoth(older: Job, newer: Job): string {
  if (newer.scope.kind === 'environment') return newer.reason === 'sweep' ? older.reason : newer.reason;
  return older.reason === 'sweep' ? older.reason : newer.reason;
}

function mergeSubjects(
  a: readonly Subject[] | undefined,
  b: readonly Subject[] | undefined,
): readonly Subject[] | undefined {
  if (a === undefined || b === undefined) return undefined;
  const all = distinct([...a, ...b]);
  if (all.length <= MOST_SUBJECTS) return all;
  // Many commits are no reason to look at more than what waits.
  const fewer = distinct(all.map((subject): Subject => (subject.kind === 'commit' ? { kind: 'waiting' } : subject)));
  return fewer.length > MOST_SUBJECTS ? undefined : fewer;
}

/** A look at everything finds all but those whom nothing holds back: who asks is named still. */
function mergeAsking(older: Job, newer: Job, about: readonly Subject[] | undefined): readonly WaitingRun[] {
  const named = about === undefined ? [older, newer].map(runsThatAsk) : [older.asking ?? [], newer.asking ?? []];
  return distinct(named.flat()).slice(-MOST_ASKING);
}

/** The runs that ask in a job's environment. */
export function runsThatAsk({ about = [], asking = [] }: Pick<Job, 'about' | 'asking'>): readonly WaitingRun[] {
  return [...asking, ...about.filter((subject) => subject.kind === 'waiting_run')];
}

/** What asks at one environment and is answered there: another job has nothing to do with it. */
export function withoutAskers({ presses: _presses, asking: _asking, ...job }: Job): Job {
  return job;
}

function mergePresses(older: readonly Press[], newer: readonly Press[]): readonly Press[] {
  let all = distinct([...older, ...newer]);
  while (all.length > MOST_PRESSES) all = withoutOneOf(all, busiest(all));
  return all;
}

/** Whoever has pressed most, and first: nobody presses away what others pressed. */
function busiest(presses: readonly Press[]): string {
  const counts = new Map<string, number>();
  for (const { by } of presses) counts.set(by, (counts.get(by) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return presses.find(({ by }) => counts.get(by) === most)?.by ?? '';
}

/** Without the oldest press of somebody. */
function withoutOneOf(presses: readonly Press[], by: string): readonly Press[] {
  const oldest = presses.findIndex((press) => press.by === by);
  return presses.filter((_, i) => i !== oldest);
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** The fields by which logs name a job. */
export function describeJob(job: Job): Readonly<Record<string, unknown>> {
  return {
    installation: job.installation,
    repository: fullName(job.repository),
    scope: job.scope.kind,
    ...(job.scope.kind === 'environment' ? { environment: job.scope.environment } : {}),
    reason: job.reason,
    ...(job.deliveries === undefined ? {} : { delivery: job.deliveries.join(' ') }),
  };
}
