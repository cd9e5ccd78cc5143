import { environmentKey, type CommitSha, type RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader, type GraphqlProblem } from '../github/port.ts';
import { notUnderstood } from '../policy/load.ts';
import { slugOfViewer } from './accounts.ts';
import { gateFactsAnswer, standingAnswer } from './answers.ts';
import { hasEnded, listedDeployment, newestFirst, stateOf, type ListedDeployment } from './deployments.ts';
import { gateFactsDocument } from './documents.ts';
import { known, readPart, unreadable, type PartialAnswer } from './read-fact.ts';
import type { Fact } from './snapshot.ts';

export interface GateListingQuestion {
  readonly repository: RepositoryRef;
  /** In whatever spelling. */
  readonly environment: string;
  /** How the environment may be spelled in its deployments: GitHub's filter compares exactly. */
  readonly spellings: readonly string[];
  /** What was created before it is known to have ended. Milliseconds since the epoch. */
  readonly settledBefore: number | null;
  readonly now: number;
  /** Whom the check runs to look for are; null: none are looked for. */
  readonly appId: number | null;
  readonly commits: readonly CommitSha[];
  /** Names that may be branches or tags. */
  readonly names: readonly string[];
  /** Check suites of runs, by their nodes. */
  readonly suites: readonly string[];
  readonly withChecks: boolean;
  readonly withPullRequests: boolean;
}

/** An environment's deployments, and whatever was asked along with them. */
export interface GateListing {
  /** GitHub's spelling; null where the environment does not exist or may not be seen. */
  readonly environmentName: string | null;
  /** The slug of the app whose token asks; null for a person's, and where GitHub does not say. */
  readonly slug: string | null;
  /** Newest first. All that may be standing. */
  readonly deployments: Fact<readonly ListedDeployment[]>;
  /** The names that were asked for. */
  readonly names: readonly string[];
  /** The suites that were. */
  readonly suites: readonly string[];
  /** The commits by their place in the question, as `repository.c0` and so on; names as `h0` and `t0`; suites as `s0`. */
  readonly answer: PartialAnswer;
}

/**
 * How long something may stand in an environment without an end: GitHub ends a run of Actions after 35 days, and what
 * others left unfinished for longer is abandoned. Further back only what is active is looked for.
 * @see https://docs.github.com/en/actions/reference/limits
 */
const STANDS_AT_MOST = 36 * 86_400_000;
/** Pages of 100. */
const MOST_PAGES = 20;

/**
 * Lists an environment's deployments, newest first, as far back as anything may be standing, and takes what else is
 * asked for along. Null where nothing may be decided: the repository is gone, archived, or another one has its name.
 * @throws GitHubError
 */
export async function observeGateListing(
  github: GitHubReader,
  question: GateListingQuestion,
): Promise<GateListing | null> {
  const first = await readPage(github, question, { ...question, after: null });
  if (first === null) return null;
  const { name } = first;
  if (name !== null && !question.spellings.includes(name)) {
    // Asked again as a whole, which happens once a process and environment: half an answer is harder to be sure of.
    return observeGateListing(github, { ...question, spellings: [...question.spellings, name] });
  }
  return {
    environmentName: name,
    slug: github.installation === null ? null : first.slug,
    deployments: await readOn(github, question, first),
    names: question.names,
    suites: question.suites,
    answer: first.answer,
  };
}

interface Page {
  readonly name: string | null;
  readonly slug: string | null;
  readonly answer: PartialAnswer;
}

async function readOn(
  github: GitHubReader,
  question: GateListingQuestion,
  first: Page,
): Promise<GateListing['deployments']> {
  const found = new Map<number, ListedDeployment>();
  let { answer } = first;
  for (let pages = 1; ; pages += 1) {
    const part = readPart(answer, ['repository', 'standing'], standingAnswer);
    if (part.kind === 'unreadable') return part;
    const { nodes, pageInfo } = part.value;
    for (const node of nodes) {
      const listed = listedDeployment(node);
      if (listed === null) return unreadable(`deployment ${node.databaseId} is in a state that is not known here`);
      if (listed.environment === environmentKey(question.environment)) found.set(listed.id, listed);
    }
    const oldest = nodes.at(-1);
    const all = [...found.values()].sort(newestFirst);
    if (!pageInfo.hasNextPage || oldest === undefined) return known(all);
    if (isFarEnough(all, Date.parse(oldest.createdAt), question)) return known(all);
    if (pages === MOST_PAGES) return unreadable(`it has more than ${MOST_PAGES * 100} deployments of late`);
    const next = await readPage(github, question, {
      commits: [],
      names: [],
      suites: [],
      after: pageInfo.endCursor ?? null,
    });
    if (next === null || !pageInfo.endCursor) return unreadable('the list of its deployments ended in the middle');
    ({ answer } = next);
  }
}

function isFarEnough(
  all: readonly ListedDeployment[],
  oldest: number,
  { settledBefore, now }: GateListingQuestion,
): boolean {
  if (settledBefore !== null && oldest < settledBefore) return true;
  return oldest < now - STANDS_AT_MOST && all.some(({ status }) => stateOf(status) === 'success');
}

async function readPage(
  github: GitHubReader,
  question: GateListingQuestion,
  asked: Pick<GateListingQuestion, 'commits' | 'names' | 'suites'> & { readonly after: string | null },
): Promise<Page | null> {
  const { repository, environment, spellings } = question;
  const { commits, names, suites, after } = asked;
  const document = gateFactsDocument({ commits: commits.length, names: names.length, suites: suites.length });
  const { owner, name, id } = repository;
  const { data, problems } = await github.query(document, {
    owner,
    name,
    environment,
    spellings,
    after,
    ...(commits.length > 0 ? commitVariables(question) : {}),
    ...Object.fromEntries(commits.map((sha, i) => [`c${i}`, sha])),
    ...Object.fromEntries(suites.map((node, i) => [`s${i}`, node])),
    ...Object.fromEntries(
      names.flatMap((ref, i) => [
        [`h${i}`, `refs/heads/${ref}`],
        [`t${i}`, `refs/tags/${ref}`],
      ]),
    ),
  });
  const parsed = gateFactsAnswer.safeParse(data);
  if (!parsed.success) throw notUnderstood(document.name);
  const { repository: found, viewer } = parsed.data;
  if (found === null) throwUnlessGone(document.name, problems);
  if (found === null || found.isArchived || found.databaseId !== id) return null;
  return {
    name: found.environment?.name ?? null,
    slug: viewer ? slugOfViewer(viewer.login) : null,
    answer: { root: parsed.data, problems },
  };
}

/** A repository that may not be seen for a moment, or for want of a permission, is not one that is gone. */
function throwUnlessGone(operation: string, problems: readonly GraphqlProblem[]): void {
  const problem = problems.find(({ type }) => type !== 'NOT_FOUND');
  if (problem === undefined) return;
  const kind = problem.type === 'FORBIDDEN' ? 'forbidden' : 'unavailable';
  throw new GitHubError({ kind, status: null, operation, message: problem.message });
}

function commitVariables({ appId, withChecks, withPullRequests }: GateListingQuestion) {
  return { app: appId ?? 0, withOwnRuns: appId !== null, withChecks, withPullRequests };
}

/** When the oldest deployment that has not ended was created, so that a later look need not go further back. */
export function settledMark(deployments: readonly ListedDeployment[]): number | null {
  const open = deployments.filter(({ status }) => !hasEnded(stateOf(status)));
  const dates = (open.length > 0 ? open : deployments.slice(0, 1)).map(({ createdAt }) => createdAt);
  return dates.length === 0 ? null : Math.min(...dates);
}
