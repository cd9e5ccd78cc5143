import type { DeploymentState } from '../changes/change.ts';
import { environmentKey, type CommitSha, type DeploymentId } from '../github/ids.ts';
import { commitSha, deploymentId, isCommitSha } from '../github/trusted.ts';
import { ACTIONS_APP, actorOfGraphql, isBotOf } from './accounts.ts';
import type { DeploymentAnswer, PastDeploymentAnswer, StandingAnswer, StatusAnswer } from './answers.ts';
import { promotedFrom } from './promotion-mark.ts';
import type { Actor, DeployedRef } from './snapshot.ts';

/** A deployment as it was made. Times are milliseconds since the epoch. */
export interface MadeDeployment {
  readonly id: DeploymentId;
  /** Its latest one, in lower case. */
  readonly environment: string;
  readonly sha: CommitSha;
  readonly createdAt: number;
  readonly creator: Actor | null;
  readonly byActions: boolean;
  /** The deployment that it says to be a promotion of. It counts only on one that this app created. */
  readonly promotedFrom: number | null;
  /** Null where it was a bare commit, `refs/pull/…`, or a branch or tag that is gone. */
  readonly ref: DeployedRef | null;
}

export interface GivenStatus {
  readonly state: DeploymentState;
  readonly createdAt: number;
  readonly creator: Actor | null;
  /** The run of Actions whose log it points to. */
  readonly run: number | null;
}

/** One of an environment's deployments, with what it says of itself now. */
export interface ListedDeployment extends MadeDeployment {
  readonly status: GivenStatus | null;
  readonly commitIsGone: boolean;
}

/** A deployment with all that was ever said of it, newest first; null: more than is read. */
export interface PastDeployment extends MadeDeployment {
  readonly statuses: readonly GivenStatus[] | null;
}

const STATES: ReadonlyMap<string, DeploymentState> = new Map(
  (['queued', 'pending', 'in_progress', 'waiting', 'success', 'failure', 'error', 'inactive'] as const).map((state) => [
    state.toUpperCase(),
    state,
  ]),
);

/** The state of a deployment whose newest status this is. */
export function stateOf(status: GivenStatus | null | undefined): DeploymentState {
  return status?.state ?? 'pending';
}

export function hasEnded(state: DeploymentState): boolean {
  return state === 'failure' || state === 'error' || state === 'inactive';
}

/** Since when a deployment has been successful without a break, also if it was made inactive since. Null: it is not. */
export function succeededSince(statuses: readonly GivenStatus[]): number | null {
  const spoken = statuses.slice(statuses.findIndex(({ state }) => state !== 'inactive'));
  const before = spoken.findIndex(({ state }) => state !== 'success');
  const successes = before === -1 ? spoken : spoken.slice(0, before);
  return successes.at(-1)?.createdAt ?? null;
}

/** Newest first: by creation, then by id. */
export function newestFirst(a: MadeDeployment, b: MadeDeployment): number {
  return b.createdAt - a.createdAt || b.id - a.id;
}

/**
 * Whether no newer deployment of the environment exists, as far as answers go: what Actions made of the same commit is the
 * same deployment once more, which a workflow that runs `on: deployment` makes.
 */
export function isNewestOf(all: readonly MadeDeployment[], deployment: MadeDeployment): boolean {
  return all.every((one) => newestFirst(deployment, one) <= 0 || (one.byActions && one.sha === deployment.sha));
}

/** Null for what nobody can decide about: it has no environment, or is in a state that GitHub did not have so far. */
export function listedDeployment(answer: StandingAnswer): ListedDeployment | null {
  const made = madeDeployment(answer);
  const status = answer.latestStatus === null ? null : givenStatus(answer.latestStatus);
  if (made === null || status === undefined) return null;
  return { ...made, status, commitIsGone: answer.commit === null };
}

/** Null as with {@link listedDeployment}. */
export function pastDeployment(answer: PastDeploymentAnswer): PastDeployment | null {
  const made = madeDeployment(answer);
  if (made === null) return null;
  return { ...made, statuses: statusesOf(answer) };
}

/** GitHub gives them newest first and does not promise it: the latest status tells which end is which. */
function statusesOf({ statuses, latestStatus }: PastDeploymentAnswer): readonly GivenStatus[] | null {
  if (statuses.pageInfo.hasNextPage) return null;
  const { nodes } = statuses;
  const inOrder = nodes.at(-1)?.id === latestStatus?.id && nodes.length > 1 ? nodes.toReversed() : nodes;
  if (inOrder[0]?.id !== latestStatus?.id) return null;
  const given = inOrder.map(givenStatus);
  return given.every((status) => status !== undefined) ? given : null;
}

function givenStatus({ state, createdAt, creator, logUrl }: StatusAnswer): GivenStatus | undefined {
  const known = STATES.get(state);
  if (known === undefined) return undefined;
  const by = actorOfGraphql(creator);
  return { state: known, createdAt: Date.parse(createdAt), creator: by, run: runOfLog(by, logUrl) };
}

/** Anybody can write any address into a status; Actions' own says where its log is. */
function runOfLog(creator: Actor | null, logUrl: string | null): number | null {
  if (!isBotOf(creator, ACTIONS_APP) || logUrl === null) return null;
  const [, run] = /\/actions\/runs\/([1-9]\d{0,15})(?:\/|$)/.exec(logUrl) ?? [];
  return run === undefined ? null : Number(run);
}

function madeDeployment(answer: DeploymentAnswer): MadeDeployment | null {
  const environment = answer.latestEnvironment ?? answer.originalEnvironment;
  if (environment === null || !isCommitSha(answer.commitOid)) return null;
  const creator = actorOfGraphql(answer.creator);
  return {
    id: deploymentId(answer.databaseId),
    environment: environmentKey(environment),
    sha: commitSha(answer.commitOid),
    createdAt: Date.parse(answer.createdAt),
    creator,
    byActions: isBotOf(creator, ACTIONS_APP),
    promotedFrom: promotedFrom(answer.description ?? ''),
    ref: refOf(answer.ref),
  };
}

function refOf(ref: DeploymentAnswer['ref']): DeployedRef | null {
  if (ref?.prefix === 'refs/heads/') return { kind: 'branch', name: ref.name };
  return ref?.prefix === 'refs/tags/' ? { kind: 'tag', name: ref.name } : null;
}
