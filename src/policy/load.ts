import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { GitHubError, type GitHubReader, type GraphqlDocument } from '../github/port.ts';
import type { RepositoryRef } from '../github/ids.ts';
import type { Diagnostic } from './diagnostics.ts';
import { parsePolicy } from './parse.ts';
import type { Policy } from './schema.ts';

export const POLICY_PATH = '.github/deployments.yml';

/**
 * What a query on a repository selects so that the policy rides along: always the blob's id, the text only where
 * `$withPolicyText` says so. `HEAD` is the default branch.
 */
export const POLICY_FIELDS = `policyFile: object(expression: "HEAD:${POLICY_PATH}") {
      __typename
      oid
      ... on Blob { isBinary text @include(if: $withPolicyText) }
    }`;

/** What {@link POLICY_FIELDS} answers with. */
export const policyFields = z
  .object({
    __typename: z.string(),
    oid: z.string(),
    isBinary: z.boolean().nullish(),
    text: z.string().nullish(),
  })
  .nullable();

export type PolicyFields = z.infer<typeof policyFields>;

export const POLICY_TEXT: GraphqlDocument = {
  name: 'PolicyText',
  text: `query PolicyText($owner: String!, $name: String!, $withPolicyText: Boolean!) {
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    ${POLICY_FIELDS}
  }
}`,
};

const policyTextAnswer = z.object({
  repository: z.object({ databaseId: z.number(), isArchived: z.boolean(), policyFile: policyFields }).nullable(),
});

/** A version of the policy file, by the id of its blob: the same text has the same id in every repository. */
export type LoadedPolicy =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'valid';
      readonly version: string;
      readonly policy: Policy;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly kind: 'invalid'; readonly version: string; readonly diagnostics: readonly Diagnostic[] };

/** What a process remembers of policies: parsed versions by blob id, and each repository's latest. Bounded. */
export interface PolicyCache {
  readonly versions: LRUCache<string, LoadedPolicy>;
  readonly latest: LRUCache<number, LoadedPolicy>;
}

export function createPolicyCache(): PolicyCache {
  return { versions: new LRUCache({ max: 2_000 }), latest: new LRUCache({ max: 20_000 }) };
}

/** The policy of a repository as this process last saw it; undefined where it never did. A hint, not the truth. */
export function lastSeenPolicy(cache: PolicyCache, repository: RepositoryRef): LoadedPolicy | undefined {
  return cache.latest.get(repository.id);
}

/**
 * Reads the policy with one request. Null where the repository is not governed at all: it is archived, or gone.
 * @throws GitHubError
 */
export async function loadPolicy(
  github: GitHubReader,
  repository: RepositoryRef,
  cache: PolicyCache,
): Promise<LoadedPolicy | null> {
  const known = cache.latest.get(repository.id);
  const answer = await queryPolicy(github, repository, known === undefined);
  if (answer === null) return null;
  const resolved = resolvePolicy(answer, repository, cache);
  if (resolved !== null) return resolved;
  const again = await queryPolicy(github, repository, true);
  return again === null ? null : resolvePolicy(again, repository, cache);
}

async function queryPolicy(
  github: GitHubReader,
  repository: RepositoryRef,
  withPolicyText: boolean,
): Promise<{ readonly policyFile: PolicyFields } | null> {
  const { owner, name } = repository;
  const { data } = await github.query(POLICY_TEXT, { owner, name, withPolicyText });
  const parsed = policyTextAnswer.safeParse(data);
  if (!parsed.success) throw notUnderstood(POLICY_TEXT.name);
  const found = parsed.data.repository;
  return found === null || found.isArchived || found.databaseId !== repository.id ? null : found;
}

/**
 * Turns what rode along in a query into a policy. Null where this process does not know that version yet and the
 * query did not ask for its text: {@link loadPolicy} gets it.
 */
export function resolvePolicy(
  answer: { readonly policyFile: PolicyFields },
  repository: RepositoryRef,
  cache: PolicyCache,
): LoadedPolicy | null {
  const loaded = fromAnswer(answer.policyFile, cache);
  if (loaded !== null) cache.latest.set(repository.id, loaded);
  return loaded;
}

function fromAnswer(file: PolicyFields, cache: PolicyCache): LoadedPolicy | null {
  if (file === null) return { kind: 'absent' };
  const known = cache.versions.get(file.oid);
  if (known !== undefined) return known;
  const readable = file.__typename === 'Blob' && file.isBinary !== true;
  if (readable && typeof file.text !== 'string') return null;
  const loaded = parse(file.oid, readable ? (file.text ?? '') : '\0');
  cache.versions.set(file.oid, loaded);
  return loaded;
}

/** A folder or a binary file of that name is a file that does not parse. */
function parse(version: string, text: string): LoadedPolicy {
  const { policy, diagnostics } = parsePolicy(text);
  return policy === null ? { kind: 'invalid', version, diagnostics } : { kind: 'valid', version, policy, diagnostics };
}

export function notUnderstood(operation: string): GitHubError {
  return new GitHubError({
    kind: 'refused',
    status: null,
    operation,
    message: 'the answer has not the promised shape',
  });
}
