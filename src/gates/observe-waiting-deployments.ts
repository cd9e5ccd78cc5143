import { environmentKey, type CommitSha, type DeploymentId, type RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { loadLanded } from '../policy/load-landed.ts';
import { notUnderstood, throwOnOutage, type LoadedFiles } from '../policy/load.ts';
import { hasGates } from '../policy/has-gates.ts';
import { isPattern, matchEntry } from '../policy/match.ts';
import type { Policy } from '../policy/schema.ts';
import { isBotOf, slugOfViewer } from './accounts.ts';
import { environmentAnswer, pastDeploymentsAnswer, waitingDeploymentsAnswer } from './answers.ts';
import { isNewestOf, newestFirst, pastDeployment, stateOf, type PastDeployment } from './deployments.ts';
import { waitingDeploymentsDocument } from './documents.ts';
import { readPart, type PartialAnswer } from './read-fact.ts';

/** A deployment that was made through the API and that nobody has answered. */
export interface WaitingDeployment {
  /** In lower case. */
  readonly environment: string;
  readonly id: DeploymentId;
  readonly sha: CommitSha;
  readonly createdAt: number;
}

export interface WaitingDeploymentsQuestion {
  readonly repository: RepositoryRef;
  readonly policy: Policy;
  /** What the policy was made of: their history tells since when there are gates. */
  readonly files: LoadedFiles;
  /** How an environment may be spelled in its deployments. */
  readonly spellings: (environment: string) => readonly string[];
  /** In lower case: nothing but this one is asked about. Left out: all that have gates. */
  readonly only?: string;
}

/** Names that are asked for in one request. */
const MOST_NAMES = 25;
/** Pages of 100 of the repository's newest deployments, where gates are for patterns of names. */
const MOST_PAGES = 5;

/** Whether an environment's deployments have to pass gates, by an entry that can be gone by. */
export function isAnswered(policy: Policy, environment: string): boolean {
  const entry = matchEntry(policy, environment);
  return hasGates(entry) && entry?.unusable.length === 0;
}

/**
 * The deployments of the API that may be answered: the newest of its environment, made after the gates landed, and with
 * no status but this app's, the last of which does not answer it. No request where no environment has gates.
 * @throws GitHubError
 */
export async function observeWaitingDeployments(
  github: GitHubReader,
  question: WaitingDeploymentsQuestion,
): Promise<readonly WaitingDeployment[]> {
  const { repository, policy, files } = question;
  const { names, withRecent } = gatedNames(question);
  if (names.length === 0 && !withRecent) return [];
  const found = new Map<string, Map<number, PastDeployment>>();
  let slug: string | null = null;
  const take = (page: Page): void => {
    ({ slug } = page);
    for (const one of page.deployments) {
      found.set(one.environment, (found.get(one.environment) ?? new Map<number, PastDeployment>()).set(one.id, one));
    }
  };
  for (let from = 0; from < names.length; from += MOST_NAMES) {
    await readNames(github, question, { names: names.slice(from, from + MOST_NAMES), take });
  }
  if (withRecent) await readRecent(github, repository, take);

  const waiting: WaitingDeployment[] = [];
  for (const [environment, all] of found) {
    const isAsked = question.only === undefined || question.only === environment;
    const one = newestOfApi([...all.values()]);
    if (!isAsked || !isAnswered(policy, environment) || one === null || !mayBeAnswered(one, slug)) continue;
    const { id, sha, createdAt } = one;
    const says = (then: Policy): boolean => isAnswered(then, environment);
    if (createdAt <= (await loadLanded(github, { repository, files, says, since: createdAt - 1 }))) continue;
    waiting.push({ environment, id, sha, createdAt });
  }
  return waiting;
}

/** The newest of the API's, where there is no newer deployment but what Actions made of it. */
function newestOfApi(all: readonly PastDeployment[]): PastDeployment | null {
  const newest = all.filter(({ byActions }) => !byActions).sort(newestFirst)[0];
  return newest !== undefined && isNewestOf(all, newest) ? newest : null;
}

/** What anybody else has spoken of is never answered again. */
function mayBeAnswered({ statuses }: PastDeployment, slug: string | null): boolean {
  if (statuses === null) return false;
  return stateOf(statuses[0]) === 'pending' && statuses.every(({ creator }) => isBotOf(creator, slug));
}

function gatedNames({ policy, only }: WaitingDeploymentsQuestion): {
  readonly names: readonly string[];
  readonly withRecent: boolean;
} {
  if (only !== undefined) return { names: isAnswered(policy, only) ? [only] : [], withRecent: false };
  const gated = policy.environments.filter((entry) => hasGates(entry) && entry.unusable.length === 0);
  const exact = policy.environments.map(({ name }) => name).filter((name) => !isPattern(name));
  return {
    // An entry of an exact name may be governed by a locked pattern.
    names: [...new Set(exact.map(environmentKey))].filter((name) => isAnswered(policy, name)),
    withRecent: gated.some(({ name }) => isPattern(name)),
  };
}

interface Page {
  readonly slug: string | null;
  readonly deployments: readonly PastDeployment[];
}

async function readNames(
  github: GitHubReader,
  { repository, spellings }: WaitingDeploymentsQuestion,
  { names, take }: { readonly names: readonly string[]; readonly take: (page: Page) => void },
): Promise<void> {
  const asked = new Map(names.map((name) => [name, new Set([name, ...spellings(name)])]));
  let first = FEW;
  for (let round = 0; round < 3; round += 1) {
    const some = [...asked.keys()];
    const { answer, slug } = await ask(github, repository, {
      names: some,
      variables: {
        after: null,
        withRecent: false,
        first,
        ...nameVariables(asked),
      },
    });
    let next = FEW;
    const again = new Map<string, Set<string>>();
    for (const [i, name] of some.entries()) {
      const spelled = readPart(answer, ['repository', `n${i}`], environmentAnswer);
      const known = asked.get(name) ?? new Set();
      if (spelled.kind === 'known' && spelled.value !== null && !known.has(spelled.value.name)) {
        again.set(name, new Set([...known, spelled.value.name]));
      }
      const list = readList(answer, `e${i}`);
      take({ slug, deployments: list.deployments });
      if (first === FEW && list.next !== null && isOneOfActions(list.deployments)) {
        again.set(name, again.get(name) ?? known);
        next = MANY;
      }
    }
    if (again.size === 0) return;
    first = next;
    asked.clear();
    for (const [name, spelled] of again) asked.set(name, spelled);
  }
}

/** Of an environment's newest deployments: the newest, and where these are all of one, as jobs of a matrix make them, more. */
const FEW = 3;
const MANY = 50;

/** Whatever Actions made of one commit: what it was made for may lie behind it. */
function isOneOfActions(all: readonly PastDeployment[]): boolean {
  return all.every(({ byActions, sha }) => byActions && sha === all[0]?.sha);
}

function nameVariables(
  asked: ReadonlyMap<string, ReadonlySet<string>>,
): Readonly<Record<string, string | readonly string[]>> {
  const variables: Record<string, string | readonly string[]> = {};
  for (const [i, [name, spelled]] of [...asked].entries()) {
    variables[`n${i}`] = name;
    variables[`e${i}`] = [...spelled];
  }
  return variables;
}

async function readRecent(github: GitHubReader, repository: RepositoryRef, take: (page: Page) => void): Promise<void> {
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { answer, slug } = await ask(github, repository, {
      names: [],
      variables: { after, withRecent: true },
    });
    const { deployments, next } = readList(answer, 'recent');
    take({ slug, deployments });
    if (next === null) return;
    after = next;
  }
}

async function ask(
  github: GitHubReader,
  { owner, name, id }: RepositoryRef,
  asked: { readonly names: readonly string[]; readonly variables: Readonly<Record<string, unknown>> },
): Promise<{ readonly answer: PartialAnswer; readonly slug: string | null }> {
  const document = waitingDeploymentsDocument(asked.names.length);
  const { data, problems } = await github.query(document, { owner, name, ...asked.variables });
  throwOnOutage(document.name, problems);
  const parsed = waitingDeploymentsAnswer.safeParse(data);
  if (!parsed.success) throw notUnderstood(document.name);
  const { repository: found, viewer } = parsed.data;
  const isIt = found !== null && !found.isArchived && found.databaseId === id;
  return {
    answer: isIt ? { root: parsed.data, problems } : { root: {}, problems: [{ message: 'the repository is gone' }] },
    slug: viewer ? slugOfViewer(viewer.login) : null,
  };
}

/** What cannot be read waits for the next sweep. */
function readList(
  answer: PartialAnswer,
  alias: string,
): { readonly deployments: readonly PastDeployment[]; readonly next: string | null } {
  const part = readPart(answer, ['repository', alias], pastDeploymentsAnswer);
  if (part.kind === 'unreadable') return { deployments: [], next: null };
  const { nodes, pageInfo } = part.value;
  return {
    deployments: nodes.flatMap((node) => pastDeployment(node) ?? []),
    next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null,
  };
}
