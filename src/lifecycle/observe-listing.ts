import type { CommitSha, DeploymentId, NodeId, RepositoryRef } from '../github/ids.ts';
import { environmentKey } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { commitSha, deploymentId, nodeId } from '../github/trusted.ts';
import type { DeploymentState } from '../changes/change.ts';
import { notUnderstood, throwOnOutage, type PolicyRide } from '../policy/load.ts';
import {
  deploymentsAnswer,
  nodes,
  pullRequestsInto,
  type DeploymentAnswer,
  type FlatDeploymentAnswer,
  type PullRequestAnswer,
  type RepositoryAnswer,
} from './answers.ts';
import { environmentDeploymentsDocument, REPOSITORY_DEPLOYMENTS } from './documents.ts';
import { hasEnded } from './facts.ts';
import { NO_LOOKUPS, type Lookups } from './lookup-documents.ts';
import { readLookups, type LookedUp } from './observe-by-name.ts';
import type { NewestPullRequest } from './pull-request-index.ts';
import type { StatusFacts } from './snapshot.ts';

/** A deployment as GraphQL lists it: with its state, without what only REST knows. */
export interface ListedDeployment {
  readonly id: DeploymentId;
  readonly node: NodeId;
  readonly createdAt: number;
  readonly environment: string;
  readonly originalEnvironment: string;
  readonly sha: CommitSha;
  /** Milliseconds since the epoch; null where GitHub no longer has the commit. */
  readonly committedAt: number | null;
  readonly state: DeploymentState;
  readonly status: StatusFacts | null;
  /** Null where the ref is a commit, or gone. */
  readonly ref: {
    readonly name: string;
    readonly isProtected: boolean;
    /** Null where they were not listed along. */
    readonly pullRequests: readonly PullRequestAnswer[] | null;
  } | null;
  /** The commit's open and merged pull requests; null where they were not listed along. */
  readonly associated: readonly PullRequestAnswer[] | null;
}

export interface Listing {
  readonly defaultBranch: string;
  /** What rode along of the policy. */
  readonly policy: PolicyRide;
  /** What was asked by name along with it. */
  readonly lookedUp: LookedUp;
  /** GitHub's spelling; null where the environment does not exist or the listing is not about one. */
  readonly environmentName: string | null;
  /** The pull requests that were updated last, newest first. */
  readonly newestPullRequests: readonly NewestPullRequest[];
  /** Open pull requests by number, where they were listed along. */
  readonly openPullRequests: ReadonlyMap<number, PullRequestAnswer>;
  /** Newest first. */
  readonly deployments: readonly ListedDeployment[];
  /** False where older ones were left out because they are known to have ended. */
  readonly complete: boolean;
}

interface Question {
  readonly repository: RepositoryRef;
  /** In lower case; null for all environments. */
  readonly environment: string | null;
  /** How the environment may be spelled in its deployments: GitHub's filter compares exactly. */
  readonly spellings: readonly string[];
  readonly withPolicyText: boolean;
  /** What was created before it is known to have ended and need not be listed. Milliseconds since the epoch. */
  readonly settledBefore: number | null;
  /** How many there probably are; a wrong guess costs a request. */
  readonly expected: number;
  /** What to ask along with the first page of an environment's. */
  readonly lookups: Lookups;
}

/**
 * Lists a repository's deployments, or one environment's. Null where nothing may be decided: the repository is gone,
 * archived, or another one by now has its name.
 * @throws GitHubError
 */
export async function observeListing(github: GitHubReader, question: Question): Promise<Listing | null> {
  const { environment, settledBefore } = question;
  const found = new Map<DeploymentId, ListedDeployment>();
  let asked = question.spellings;
  let first: Page | null = null;
  let count = 0;
  let allUnderstood = true;
  let from: From = { after: null, before: null, bothEnds: question.expected > PAGE && settledBefore === null };
  for (;;) {
    const read = await readPage(github, { ...question, spellings: asked }, from);
    if (read === null) return null;
    const { deployments, older, environment: named } = read.repository;
    if (first === null && named && !asked.includes(named.name)) {
      asked = [...asked, named.name];
      continue;
    }
    first ??= read;
    for (const node of [...nodes(deployments), ...nodes(older)]) {
      const listed = toListed(question.repository, node);
      if (listed === null) {
        allUnderstood = false;
        continue;
      }
      if (environment !== null && environmentKey(listed.environment) !== environment) continue;
      found.set(listed.id, listed);
    }
    count += (deployments.nodes?.length ?? 0) + (older?.nodes?.length ?? 0);
    const { hasNextPage, endCursor } = deployments.pageInfo;
    // What is created meanwhile is on no page, and has a delivery of its own.
    const complete = !hasNextPage || endCursor === null || count >= first.repository.deployments.totalCount;
    const oldest = nodes(deployments).at(-1);
    const settled = settledBefore !== null && oldest !== undefined && Date.parse(oldest.createdAt) < settledBefore;
    if (complete || settled) {
      return toListing(first, [...found.values()].sort(newestFirst), complete && allUnderstood);
    }
    from = { after: endCursor, before: older?.pageInfo.startCursor ?? null, bothEnds: settledBefore === null };
  }
}

const PAGE = 100;

/** Requests that it takes to list so many deployments when it is known that there are so many. */
export function requestsForAll(count: number): number {
  return Math.ceil(count / (2 * PAGE));
}

/** Requests that it takes to list so many of the newest: these are read from one end alone. */
export function requestsForNewest(count: number): number {
  return Math.ceil(count / PAGE);
}

/** Where a request takes up the list. */
interface From {
  readonly after: string | null;
  readonly before: string | null;
  /** Two pages in one request, one from each end of what is left. */
  readonly bothEnds: boolean;
}

async function readPage(github: GitHubReader, question: Question, from: From): Promise<Page | null> {
  const { repository, environment, spellings } = question;
  const { owner, name } = repository;
  const isFirst = from.after === null;
  const lookups = isFirst && environment !== null ? question.lookups : NO_LOOKUPS;
  const { document, variables } =
    environment === null
      ? { document: REPOSITORY_DEPLOYMENTS, variables: {} }
      : environmentDeploymentsDocument(lookups);
  const { data, problems } = await github.query(document, {
    owner,
    name,
    after: from.after,
    before: from.before,
    withOlder: from.bothEnds,
    withPolicyText: question.withPolicyText && isFirst,
    ...variables,
    ...(environment === null ? {} : { environment, spellings }),
  });
  const parsed = deploymentsAnswer.safeParse(data);
  if (!parsed.success) throw notUnderstood(document.name);
  const answer = parsed.data.repository;
  if (answer === null || answer.isArchived || answer.databaseId !== repository.id) return null;
  throwOnOutage(document.name, problems);
  return {
    repository: answer,
    policy: { answer: { ...parsed.data, repository: answer }, problems },
    lookedUp: readLookups(answer, { repository, asked: lookups, problems }),
  };
}

interface Page {
  readonly repository: RepositoryAnswer;
  readonly policy: PolicyRide;
  readonly lookedUp: LookedUp;
}

function newestFirst(a: ListedDeployment, b: ListedDeployment): number {
  return b.createdAt - a.createdAt || b.id - a.id;
}

function toListing(first: Page, deployments: readonly ListedDeployment[], complete: boolean): Listing {
  const { repository, policy, lookedUp } = first;
  return {
    defaultBranch: repository.defaultBranchRef?.name ?? 'main',
    policy,
    lookedUp,
    environmentName: repository.environment?.name ?? null,
    newestPullRequests: nodes(repository.newest),
    openPullRequests: new Map(),
    deployments,
    complete,
  };
}

const STATES: ReadonlyMap<string, DeploymentState> = new Map(
  (['queued', 'pending', 'in_progress', 'waiting', 'success', 'failure', 'error', 'inactive'] as const).map((state) => [
    state.toUpperCase(),
    state,
  ]),
);

function toListed(repository: RepositoryRef, node: DeploymentAnswer): ListedDeployment | null {
  const flat = flatDeploymentOf(node);
  if (flat === null) return null;
  const { ref, commit } = node;
  return {
    ...flat,
    ref:
      flat.ref === null || ref === null
        ? null
        : {
            ...flat.ref,
            pullRequests: [...pullRequestsInto(repository, ref.open), ...pullRequestsInto(repository, ref.over)],
          },
    associated: pullRequestsInto(repository, commit?.associatedPullRequests),
  };
}

/**
 * A deployment without its pull requests. Null for what cannot be acted on: one without a number or in a state that
 * GitHub did not have so far.
 */
export function flatDeploymentOf(node: FlatDeploymentAnswer): ListedDeployment | null {
  const state = stateShown(node.latestStatus);
  const environment = node.latestEnvironment ?? node.originalEnvironment;
  if (node.databaseId === null || state === null || environment === null || /^\.{1,2}$/.test(environment)) {
    return null;
  }
  return {
    id: deploymentId(node.databaseId),
    node: nodeId(node.id),
    createdAt: Date.parse(node.createdAt),
    environment,
    originalEnvironment: node.originalEnvironment ?? environment,
    sha: commitSha(node.commitOid),
    committedAt: node.commit === null ? null : Date.parse(node.commit.committedDate),
    state,
    status: node.latestStatus === null ? null : toStatus(node.latestStatus),
    ref:
      node.ref === null
        ? null
        : {
            name: node.ref.name,
            isProtected: Boolean(node.ref.refUpdateRule),
            pullRequests: null,
          },
    associated: null,
  };
}

/** The state of a deployment by its newest status; null for one that GitHub did not have so far. */
export function stateShown(latestStatus: { readonly state: string } | null): DeploymentState | null {
  return latestStatus === null ? 'pending' : (STATES.get(latestStatus.state) ?? null);
}

function toStatus(status: NonNullable<DeploymentAnswer['latestStatus']>): StatusFacts {
  return {
    node: nodeId(status.id),
    createdAt: Date.parse(status.createdAt),
    environmentUrl: status.environmentUrl === '' ? null : status.environmentUrl,
    logUrl: status.logUrl === '' ? null : status.logUrl,
  };
}

/**
 * When the oldest deployment that has not ended was created: whatever is older has ended, so that the next look need
 * not list it. Where all have ended, when the newest was created.
 */
export function settledMark(deployments: readonly ListedDeployment[]): number | null {
  const open = deployments.filter(({ state }) => !hasEnded(state));
  const dates = (open.length > 0 ? open : deployments).map(({ createdAt }) => createdAt);
  if (dates.length === 0) return null;
  return open.length > 0 ? dates.reduce((a, b) => Math.min(a, b)) : dates.reduce((a, b) => Math.max(a, b));
}
