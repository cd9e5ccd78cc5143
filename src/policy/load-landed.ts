import { z } from 'zod';
import type { GitHubReader, GraphqlDocument } from '../github/port.ts';
import type { RepositoryRef } from '../github/ids.ts';
import { POLICY_PATH } from './load-fields.ts';
import { notUnderstood, throwOnOutage, type LoadedFile, type LoadedFiles } from './load.ts';
import { mergePolicies, type EffectivePolicy, type PolicySource } from './merge.ts';
import { parsePolicy } from './parse.ts';

/** Versions of a policy file on the default branch, the newest first. */
export const POLICY_VERSIONS: GraphqlDocument = {
  name: 'PolicyVersions',
  text: `query PolicyVersions($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    defaultBranchRef {
      target {
        ... on Commit {
          history(first: 10, after: $after, path: "${POLICY_PATH}") {
            pageInfo { hasNextPage endCursor }
            nodes { oid committedDate file(path: "${POLICY_PATH}") { object { __typename ... on Blob { isBinary text } } } }
          }
        }
      }
    }
  }
}`,
};

const blob = z.object({ __typename: z.string(), isBinary: z.boolean().nullish(), text: z.string().nullish() });
const history = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  nodes: z.array(
    z.object({
      oid: z.string(),
      committedDate: z.string(),
      file: z.object({ object: blob.nullable() }).nullable(),
    }),
  ),
});
const answer = z.object({
  repository: z
    .object({
      databaseId: z.number(),
      defaultBranchRef: z.object({ target: z.object({ history: history.optional() }).nullable() }).nullable(),
    })
    .nullable(),
});

/** Pages of ten versions of each file. What landed before them counts as landed with the oldest of them: later. */
const MOST_PAGES = 5;

export interface LandedQuestion {
  readonly repository: RepositoryRef;
  /** As they are now. */
  readonly files: LoadedFiles;
  /** Whether a policy in force says what is asked about. */
  readonly says: (policy: EffectivePolicy) => boolean;
  /** Nobody asks what was before; milliseconds since the epoch. */
  readonly since: number;
}

/**
 * Since when a policy has said something without a break: the committer date of the commit on the default branch that
 * made it say so, in milliseconds since the epoch, or a later one where that lies further back than is read; an earlier
 * one than `since` is told as any that is no later than `since`. Infinity where the policy does not say it now. A version
 * that does not parse changes nothing, as for the gates.
 * @throws GitHubError
 */
export async function loadLanded(github: Pick<GitHubReader, 'query'>, question: LandedQuestion): Promise<number> {
  const { repository, files, since } = question;
  if (files.repository.kind === 'unreadable' || files.organisation.kind === 'unreadable') return Infinity;
  const [ownNow, theirsNow] = [versionOf(files.repository), versionOf(files.organisation)];
  if (ownNow !== null && theirsNow !== null) {
    if (!saysSo(question, { own: ownNow, theirs: theirsNow })) return Infinity;
    const changed = Math.max(ownNow.at, theirsNow.at);
    if (changed <= since) return changed;
  }
  const { owner, name } = repository;
  const own = await versions(github, { owner, name, id: repository.id, since, file: files.repository });
  const theirs = await versions(github, { owner, name: '.github', id: null, since, file: files.organisation });
  const moments = [...new Set([...own.found, ...theirs.found].map(({ at }) => at))].sort((a, b) => b - a);
  let landed = Infinity;
  for (const at of [...moments, -Infinity]) {
    // Before what was read, nobody knows.
    if (at < own.knownFrom || at < theirs.knownFrom) return landed;
    const then = { own: asOf(own.found, at), theirs: asOf(theirs.found, at) };
    if (!saysSo(question, then)) return landed;
    landed = at;
    if (landed <= since) return landed;
  }
  return landed;
}

interface Version {
  readonly at: number;
  /** Null: the file is not there. */
  readonly source: PolicySource | null;
}

const NEVER_THERE: Version = { at: -Infinity, source: null };

/** Null where the version in force is an older one than this, or nobody knows since when this one is there. */
function versionOf(file: LoadedFile): Version | null {
  if (file.kind === 'absent') return NEVER_THERE;
  if (file.kind !== 'valid' || file.commit === null) return null;
  const { policy, locate, commit } = file;
  return { at: commit.at, source: { file: POLICY_PATH, policy, locate, commit: commit.oid } };
}

function saysSo(
  { repository, says }: LandedQuestion,
  { own, theirs }: { readonly own: Version; readonly theirs: Version },
): boolean {
  const policy = mergePolicies({
    organisation: theirs.source,
    repository: own.source,
    repositoryName: repository.name,
  });
  return policy !== null && says(policy);
}

function asOf(found: readonly Version[], moment: number): Version {
  return found.find(({ at }) => at <= moment) ?? NEVER_THERE;
}

interface Versions {
  /** Newest first; those that do not parse are left out. */
  readonly found: readonly Version[];
  readonly knownFrom: number;
}

async function versions(
  github: Pick<GitHubReader, 'query'>,
  asked: {
    readonly owner: string;
    readonly name: string;
    readonly id: number | null;
    readonly since: number;
    readonly file: LoadedFile;
  },
): Promise<Versions> {
  const { owner, name, id, since, file } = asked;
  // What is not there may have been; a freeze or a gate that came with it has gone with it.
  if (file.kind === 'absent') return { found: [], knownFrom: -Infinity };
  const found: Version[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { data, problems } = await github.query(POLICY_VERSIONS, { owner, name, after });
    const parsed = answer.safeParse(data);
    const repository = parsed.data?.repository ?? null;
    throwOnOutage(POLICY_VERSIONS.name, problems);
    const commits = repository?.defaultBranchRef?.target?.history;
    if (commits === undefined || (id !== null && repository?.databaseId !== id)) {
      throw notUnderstood(POLICY_VERSIONS.name);
    }
    found.push(...commits.nodes.flatMap(toVersion));
    const oldest = found.at(-1)?.at ?? Infinity;
    if (!commits.pageInfo.hasNextPage || oldest <= since) return { found, knownFrom: -Infinity };
    after = commits.pageInfo.endCursor;
  }
  return { found, knownFrom: found.at(-1)?.at ?? Infinity };
}

function toVersion({ oid, committedDate, file }: z.infer<typeof history>['nodes'][number]): readonly Version[] {
  const at = Date.parse(committedDate);
  const text = file?.object?.text;
  if (!file?.object) return [{ at, source: null }];
  if (file.object.__typename !== 'Blob' || file.object.isBinary === true || typeof text !== 'string') return [];
  const { policy, locate } = parsePolicy(text);
  return policy === null ? [] : [{ at, source: { file: POLICY_PATH, policy, locate, commit: oid } }];
}
