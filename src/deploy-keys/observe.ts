import { z } from 'zod';
import type { ExistingKey } from '../changes/deploy-key-change.ts';
import type { RepositoryRef } from '../github/ids.ts';
import { getAll } from '../github/pages.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import { publicKeyBody } from '../policy/public-key.ts';
import type { DeployKeys } from '../policy/schema.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { DeployKeysSnapshot, KnownAllowedKey } from './snapshot.ts';

/** What GitHub lets us see. */
export type ObservedKeys =
  | { readonly kind: 'seen'; readonly snapshot: DeployKeysSnapshot }
  /** The installation's permissions do not reach so far. */
  | { readonly kind: 'denied'; readonly detail: string };

const moment = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  context.addIssue('not a moment');
  return z.NEVER;
});

const listedKey = z.object({
  id: z.int().positive(),
  title: z.string(),
  key: z.string().min(1),
  read_only: z.boolean(),
  created_at: moment,
  last_used: moment.nullish(),
  added_by: z.string().nullish(),
  enabled: z.boolean().optional(),
});

/**
 * Reads the deploy keys of a repository: one list, a hundred a page.
 * @see https://docs.github.com/en/rest/deploy-keys/deploy-keys
 * @throws GitHubError
 */
export async function observeDeployKeys(
  github: Pick<GitHubReader, 'get'>,
  { repository, allow }: { readonly repository: RepositoryRef; readonly allow: DeployKeys['allow'] },
): Promise<ObservedKeys> {
  const place = { owner: repository.owner, repo: repository.name };
  let listed: readonly unknown[];
  try {
    listed = await getAll(github, 'GET /repos/{owner}/{repo}/keys', place, { items: (data) => data });
  } catch (error) {
    const isNo = error instanceof GitHubError && (error.kind === 'forbidden' || error.kind === 'not_found');
    if (isNo) return { kind: 'denied', detail: error.message };
    throw error;
  }
  const keys = listed.map(understand);
  const snapshot = {
    keys: keys.map(({ enabled: _enabled, ...key }) => key),
    allowed: allow.map(withFingerprint),
    forbidden: keys.some(({ enabled }) => !enabled),
  };
  return { kind: 'seen', snapshot };
}

/** A key that is not as GitHub promises must not be taken for one that is unknown. */
function understand(listed: unknown): ExistingKey & { readonly enabled: boolean } {
  const parsed = listedKey.safeParse(listed);
  if (!parsed.success) {
    throw new GitHubError({
      kind: 'refused',
      status: null,
      operation: 'GET /repos/{owner}/{repo}/keys',
      message: `the answer has not the promised shape, at ${parsed.error.issues[0]?.path.join('.') ?? 'its top'}`,
    });
  }
  const { id, title, read_only, created_at, last_used, added_by, enabled } = parsed.data;
  const key = publicKeyBody(parsed.data.key);
  return {
    id,
    title,
    key,
    fingerprint: fingerprintOf(key),
    readOnly: read_only,
    createdAt: created_at,
    lastUsed: last_used ?? null,
    addedBy: added_by ?? null,
    enabled: enabled ?? true,
  };
}

function withFingerprint({ key, ...rest }: DeployKeys['allow'][number]): KnownAllowedKey {
  if (key === undefined) return { ...rest, identity: null };
  const body = publicKeyBody(key);
  return { ...rest, identity: { key: body, fingerprint: fingerprintOf(body) } };
}
