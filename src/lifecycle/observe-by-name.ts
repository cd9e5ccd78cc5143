import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader, GraphqlProblem } from '../github/port.ts';
import { notUnderstood } from '../policy/load.ts';
import {
  lookedUpCommit,
  lookedUpPullRequest,
  lookedUpPullRequests,
  lookedUpRef,
  lookupsAnswer,
  nodes,
  pullRequestsInto,
  type LookedUpPullRequest,
  type PullRequestAnswer,
} from './answers.ts';
import { lookupsDocument, type Lookups } from './lookup-documents.ts';

/** What GitHub said of a branch or tag when it was asked by its name. */
export interface LookedUpRef {
  readonly gone: boolean;
  readonly pullRequests: readonly PullRequestAnswer[];
}

export interface LookedUp {
  /** What is missing here could not be read. */
  readonly refs: ReadonlyMap<string, LookedUpRef>;
  readonly pullRequests: ReadonlyMap<number, LookedUpPullRequest>;
  /** The open and merged pull requests of commits. */
  readonly commits: ReadonlyMap<string, readonly PullRequestAnswer[]>;
}

export const NOTHING_LOOKED_UP: LookedUp = { refs: new Map(), pullRequests: new Map(), commits: new Map() };

/** So many names fit into one request without making GitHub time out. */
const LOOKUPS_A_REQUEST = 20;

/**
 * Asks for refs and pull requests by name. An alias that GitHub refused is missing in the answer.
 * @throws GitHubError
 */
export async function observeByName(
  github: GitHubReader,
  repository: RepositoryRef,
  lookups: Lookups,
): Promise<LookedUp> {
  const refs = new Map<string, LookedUpRef>();
  const pullRequests = new Map<number, LookedUpPullRequest>();
  const commits = new Map<string, readonly PullRequestAnswer[]>();
  const all = [
    ...lookups.refs.map((ref) => ({ ref })),
    ...lookups.pullRequests.map((pullRequest) => ({ pullRequest })),
    ...(lookups.commits ?? []).map((commit) => ({ commit })),
  ];
  for (let from = 0; from < all.length; from += LOOKUPS_A_REQUEST) {
    const some = all.slice(from, from + LOOKUPS_A_REQUEST);
    const asked: Lookups = {
      refs: some.flatMap((one) => ('ref' in one ? [one.ref] : [])),
      pullRequests: some.flatMap((one) => ('pullRequest' in one ? [one.pullRequest] : [])),
      commits: some.flatMap((one) => ('commit' in one ? [one.commit] : [])),
    };
    const { document, variables } = lookupsDocument(asked);
    const { data, problems } = await github.query(document, {
      owner: repository.owner,
      name: repository.name,
      ...variables,
    });
    const parsed = lookupsAnswer.safeParse(data);
    if (!parsed.success) throw notUnderstood(document.name);
    const answer = parsed.data.repository;
    if (answer === null || answer.databaseId !== repository.id) continue;
    const found = readLookups(answer, { repository, asked, problems });
    for (const [name, ref] of found.refs) refs.set(name, ref);
    for (const [number, pullRequest] of found.pullRequests) pullRequests.set(number, pullRequest);
    for (const [sha, those] of found.commits) commits.set(sha, those);
  }
  return { refs, pullRequests, commits };
}

/** What a query's answer says of what was looked up along with it. */
export function readLookups(
  answer: Readonly<Record<string, unknown>>,
  {
    repository,
    asked,
    problems,
  }: {
    readonly repository: RepositoryRef;
    readonly asked: Lookups;
    readonly problems: readonly GraphqlProblem[];
  },
): LookedUp {
  const refused = new Set(problems.map(({ path }) => path?.[1]));
  const refs = asked.refs.flatMap((name, i): readonly (readonly [string, LookedUpRef])[] => {
    if (['h', 't', 'o', 'c'].some((letter) => refused.has(`${letter}${i}`))) return [];
    const found = readRef(answer, i);
    return found === null ? [] : [[name, found]];
  });
  const pullRequests = asked.pullRequests.flatMap((number, i): readonly (readonly [number, LookedUpPullRequest])[] => {
    const found = lookedUpPullRequest.safeParse(answer[`p${i}`]);
    return found.success && found.data !== null ? [[number, found.data]] : [];
  });
  const commits = (asked.commits ?? []).flatMap(
    (sha, i): readonly (readonly [string, readonly PullRequestAnswer[]])[] => {
      const found = lookedUpCommit.safeParse(answer[`a${i}`]);
      return found.success && !refused.has(`a${i}`)
        ? [[sha, pullRequestsInto(repository, found.data?.associatedPullRequests)]]
        : [];
    },
  );
  return { refs: new Map(refs), pullRequests: new Map(pullRequests), commits: new Map(commits) };
}

function readRef(answer: Readonly<Record<string, unknown>>, i: number): LookedUpRef | null {
  const head = lookedUpRef.safeParse(answer[`h${i}`]);
  const tag = lookedUpRef.safeParse(answer[`t${i}`]);
  const open = lookedUpPullRequests.safeParse(answer[`o${i}`]);
  const over = lookedUpPullRequests.safeParse(answer[`c${i}`]);
  if (!head.success || !tag.success || !open.success || !over.success) return null;
  return {
    gone: head.data === null && tag.data === null,
    pullRequests: [...nodes(open.data), ...nodes(over.data)].filter(({ isCrossRepository }) => !isCrossRepository),
  };
}
