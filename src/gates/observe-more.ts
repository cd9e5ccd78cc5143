import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader, type GraphqlDocument } from '../github/port.ts';
import { commitPageAnswer } from './answers.ts';
import { readChecks, readPastDeployments, type Begun, type Self } from './commit-facts.ts';
import type { PastDeployment } from './deployments.ts';
import { COMMIT_CHECKS, COMMIT_DEPLOYMENTS } from './documents.ts';
import { known, unreadable, type PartialAnswer } from './read-fact.ts';
import type { CommitCheck, Fact } from './snapshot.ts';

/** Pages of 100. More checks or deployments of one commit than this are not read: whoever needs them waits. */
const MOST_PAGES = 20;

interface Place {
  readonly repository: RepositoryRef;
  readonly sha: CommitSha;
}

/** The rest of a commit's checks, where a first page was not all. */
export function readOnChecks(
  github: Pick<GitHubReader, 'query'>,
  first: Fact<Begun<CommitCheck>>,
  { self, ...place }: Place & { readonly self: Self },
): Promise<Fact<readonly CommitCheck[]>> {
  return readOn(github, first, {
    ...place,
    document: COMMIT_CHECKS,
    read: (answer, path) => readChecks(answer, path, self),
  });
}

/** The rest of a commit's deployments, where a first page was not all. */
export function readOnDeployments(
  github: Pick<GitHubReader, 'query'>,
  first: Fact<Begun<PastDeployment>>,
  place: Place,
): Promise<Fact<readonly PastDeployment[]>> {
  return readOn(github, first, { ...place, document: COMMIT_DEPLOYMENTS, read: readPastDeployments });
}

async function readOn<T>(
  github: Pick<GitHubReader, 'query'>,
  first: Fact<Begun<T>>,
  list: Place & {
    readonly document: GraphqlDocument;
    readonly read: (answer: PartialAnswer, path: readonly string[]) => Fact<Begun<T>>;
  },
): Promise<Fact<readonly T[]>> {
  const items: T[] = [];
  let page = first;
  for (let pages = 1; ; pages += 1) {
    if (page.kind === 'unreadable') return page;
    items.push(...page.value.items);
    const { next } = page.value;
    if (next === null) return known(items);
    if (pages === MOST_PAGES) return unreadable('there are more than are read');
    page = await readPage(github, list, next);
  }
}

async function readPage<T>(
  github: Pick<GitHubReader, 'query'>,
  { repository, sha, document, read }: Parameters<typeof readOn<T>>[2],
  after: string,
): Promise<Fact<Begun<T>>> {
  try {
    const { owner, name, id } = repository;
    const { data, problems } = await github.query(document, { owner, name, oid: sha, after });
    const parsed = commitPageAnswer.safeParse(data);
    if (!parsed.success || parsed.data.repository?.databaseId !== id) return unreadable('GitHub did not answer');
    return read({ root: parsed.data, problems }, ['repository', 'object']);
  } catch (error) {
    return unreadableError(error);
  }
}

/**
 * What GitHub did not answer, as a fact that could not be read.
 * @throws what is no GitHubError
 */
export function unreadableError<T>(error: unknown): Fact<T> {
  if (error instanceof GitHubError) return unreadable(error.message);
  throw error;
}
