import { LRUCache } from 'lru-cache';
import { GitHubError, type GitHubReader, type GraphqlDocument, type GraphqlProblem } from '../github/port.ts';
import type { RepositoryRef } from '../github/ids.ts';
import {
  ABSENT,
  govern,
  type Governing,
  type LoadedFile,
  type LoadedFiles,
  type ParsedFile,
  type PolicyCommit,
} from './govern.ts';
import {
  ORGANISATION_FIELDS,
  POLICY_FIELDS,
  policiesAnswer,
  type PoliciesAnswer,
  type PolicyFields,
} from './load-fields.ts';
import { parsePolicy, type ParsedPolicy, type Reach } from './parse.ts';

export type { Governing, LoadedFile, LoadedFiles, ParsedFile, PolicyCommit } from './govern.ts';

export const POLICIES: GraphqlDocument = {
  name: 'Policies',
  text: `query Policies($owner: String!, $name: String!, $withPolicyText: Boolean!) {
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    ${POLICY_FIELDS}
  }
  ${ORGANISATION_FIELDS}
}`,
};

/** The policy of a repository, and where its default branch is. */
export interface LoadedPolicy {
  readonly governing: Governing;
  /** The files as they are, also an owner's that does not speak of the repository. */
  readonly files: LoadedFiles;
  readonly defaultBranch: string;
  /** Null in a repository without a commit. */
  readonly headSha: string | null;
  /** False: everybody can read what is reported. */
  readonly isPrivate: boolean;
  /** False: nobody knows. */
  readonly isDefaultBranchProtected: boolean;
  /** GitHub says that the owner has no repository `.github`: which is what it says where it may not be seen, too. */
  readonly isOrganisationNotFound: boolean;
}

/** What a process remembers of policies. Bounded; a hint for how to ask, and texts that need not be read twice. */
export interface PolicyCache {
  /** By repository id: the file as last seen. */
  readonly files: LRUCache<number, LoadedFile>;
  /** By repository id. */
  readonly latest: LRUCache<number, LoadedPolicy>;
  /** By owner and version of a file that does not parse and does not tell of which repositories it speaks. */
  readonly reaches: LRUCache<string, Reach>;
}

/** Characters of policy text that a process keeps what it parsed from: a few hundred files of the largest size. */
const MOST_TEXT = 64 * 1024 * 1024;

/** What is kept beside a text, in about as many characters: at most 16,000 files are remembered, however small. */
const OVERHEAD = 4096;

function sizeOf(file: LoadedFile): number {
  return OVERHEAD + ('size' in file ? file.size : 0);
}

export function createPolicyCache(): PolicyCache {
  return {
    files: new LRUCache({ maxSize: MOST_TEXT, sizeCalculation: sizeOf }),
    latest: new LRUCache({
      maxSize: MOST_TEXT,
      sizeCalculation: ({ files }) => sizeOf(files.repository) + sizeOf(files.organisation),
    }),
    reaches: new LRUCache({ maxSize: 1000, sizeCalculation: () => 1 }),
  };
}

/** The policy of a repository as this process last saw it; undefined where it never did. A hint, not the truth. */
export function lastSeenPolicy(cache: PolicyCache, repository: RepositoryRef): LoadedPolicy | undefined {
  return cache.latest.get(repository.id);
}

/**
 * Reads the policy with one request, or two where a file has changed since this process last saw it. Null where the
 * repository is not governed at all: it is archived, or gone.
 * @throws GitHubError
 */
export async function loadPolicy(
  github: Pick<GitHubReader, 'query'>,
  repository: RepositoryRef,
  cache: PolicyCache,
): Promise<LoadedPolicy | null> {
  for (const withPolicyText of cache.latest.has(repository.id) ? [false, true] : [true]) {
    const { owner, name } = repository;
    const { data, problems } = await github.query(POLICIES, { owner, name, withPolicyText });
    const parsed = policiesAnswer.safeParse(data);
    if (!parsed.success) throw notUnderstood(POLICIES.name);
    throwOnOutage(POLICIES.name, problems);
    const found = parsed.data.repository;
    if (found === null || found.isArchived || found.databaseId !== repository.id) return null;
    const resolved = resolvePolicy({ answer: { ...parsed.data, repository: found }, problems }, repository, cache);
    if (resolved !== null) return resolved;
  }
  throw notUnderstood(POLICIES.name);
}

/** The part of a query's answer that is about the policy. */
export interface PolicyRide {
  readonly answer: { readonly repository: PolicyFields; readonly organisation: PoliciesAnswer['organisation'] };
  readonly problems: readonly GraphqlProblem[];
}

/**
 * Turns what rode along in a query into a policy. Null where a file has changed since this process last saw it and the
 * query did not ask for the text: {@link loadPolicy} gets it.
 */
export function resolvePolicy(
  { answer, problems }: PolicyRide,
  repository: RepositoryRef,
  cache: PolicyCache,
): LoadedPolicy | null {
  const forbidden = problems.find(({ path }) => path?.[0] === 'repository' && path[1] === 'policyFile');
  const own = forbidden ? unreadable(forbidden) : fileOf(answer.repository, repository.id, cache);
  const theirs = organisationFile({ answer: answer.organisation, problems, repository, cache });
  if (own === null || theirs === null) return null;
  const files: LoadedFiles = { repository: own, organisation: theirs };
  const known = cache.latest.get(repository.id);
  const head = answer.repository.defaultBranchRef;
  const loaded: LoadedPolicy = {
    governing: sameFiles(known, own, theirs) ? known.governing : govern(files, repository, cache),
    files,
    defaultBranch: head?.name ?? 'main',
    headSha: head?.target?.oid ?? null,
    isPrivate: answer.repository.isPrivate,
    isDefaultBranchProtected: Boolean(head?.refUpdateRule),
    isOrganisationNotFound: answer.organisation === null && theirs.kind === 'absent',
  };
  cache.latest.set(repository.id, loaded);
  return loaded;
}

function sameFiles(
  known: LoadedPolicy | undefined,
  repository: LoadedFile,
  organisation: LoadedFile,
): known is LoadedPolicy {
  return known?.files.repository === repository && known.files.organisation === organisation;
}

/** Null where the text is needed and was not asked for. */
function fileOf(fields: PolicyFields, repository: number, cache: PolicyCache): LoadedFile | null {
  const file = fields.policyFile;
  if (file === null) {
    cache.files.set(repository, ABSENT);
    return ABSENT;
  }
  const known = cache.files.get(repository);
  const commit = commitOf(fields);
  if (known !== undefined && 'version' in known && known.version === file.oid) {
    if (commit === null || known.commit?.oid === commit.oid) return known;
    // It was something else in between, and is what it was again.
    const again: ParsedFile = { ...known, commit };
    cache.files.set(repository, again);
    return again;
  }
  const isText = file.__typename === 'Blob' && file.isBinary !== true;
  if (isText && typeof file.text !== 'string') return null;
  // A folder or a binary file of that name is a file that does not parse.
  const text = isText ? (file.text ?? '') : '\0';
  const parsed = parsePolicy(text);
  const common = {
    version: file.oid,
    commit,
    diagnostics: parsed.diagnostics,
    locate: locateLater(text, parsed),
    size: Math.max(1, text.length),
  };
  const { policy, reach } = parsed;
  const loaded: LoadedFile =
    policy === null ? { kind: 'invalid', reach, ...common } : { kind: 'valid', policy, ...common };
  cache.files.set(repository, loaded);
  return loaded;
}

function commitOf(fields: PolicyFields): PolicyCommit | null {
  const commit = fields.defaultBranchRef?.target?.policyCommits?.nodes?.[0];
  return commit ? { oid: commit.oid, at: Date.parse(commit.committedDate) } : null;
}

/** Places are asked for while files are merged, and seldom later: the tree that they are found in is not kept for it. */
function locateLater(text: string, parsed: ParsedPolicy): ParsedPolicy['locate'] {
  let kept = new WeakRef(parsed);
  return (path, at) => {
    let tree = kept.deref();
    if (tree === undefined) {
      tree = parsePolicy(text);
      kept = new WeakRef(tree);
    }
    return tree.locate(path, at);
  };
}

function organisationFile(input: {
  readonly answer: PoliciesAnswer['organisation'];
  readonly problems: readonly GraphqlProblem[];
  readonly repository: RepositoryRef;
  readonly cache: PolicyCache;
}): LoadedFile | null {
  const { answer, problems, repository, cache } = input;
  const problem = problems.find(({ path }) => path?.[0] === 'organisation');
  if (answer === null) {
    return problem === undefined || problem.type === 'NOT_FOUND' ? ABSENT : unreadable(problem);
  }
  if (problem !== undefined) return unreadable(problem);
  return answer.databaseId === repository.id ? ABSENT : fileOf(answer, answer.databaseId, cache);
}

/** The owner's file, of a ride with the text. */
export function organisationFileOf(
  { answer, problems }: PolicyRide,
  repository: RepositoryRef,
  cache: PolicyCache,
): LoadedFile {
  return organisationFile({ answer: answer.organisation, problems, repository, cache }) ?? ABSENT;
}

/** A file that is not on a default branch: proposed, or a person's own. */
export function proposedFileOf(text: string | Uint8Array): ParsedFile {
  const { policy, reach, diagnostics, locate } = parsePolicy(text);
  const common = { version: 'proposed', commit: null, diagnostics, locate, size: Math.max(1, text.length) };
  return policy === null ? { kind: 'invalid', reach, ...common } : { kind: 'valid', policy, ...common };
}

function unreadable({ message }: GraphqlProblem): LoadedFile {
  return { kind: 'unreadable', detail: message };
}

/**
 * An answer in part is no answer where GitHub failed: what is missing in it must not be taken for what is not there.
 * What is not there, and what may not be seen, stays a value.
 * @throws GitHubError
 */
export function throwOnOutage(operation: string, problems: readonly GraphqlProblem[]): void {
  const outage = problems.find(({ type }) => type !== 'NOT_FOUND' && type !== 'FORBIDDEN');
  if (outage === undefined) return;
  throw new GitHubError({ kind: 'unavailable', status: null, operation, message: outage.message });
}

export function notUnderstood(operation: string): GitHubError {
  const message = 'the answer has not the promised shape';
  return new GitHubError({ kind: 'refused', status: null, operation, message });
}
