import { z } from 'zod';
import type { RepositoryRef } from '../../github/ids.ts';
import type { GitHubReader, GraphqlDocument } from '../../github/port.ts';
import { POLICY_PATH } from '../../policy/load-fields.ts';
import { notUnderstood, throwOnOutage } from '../../policy/load.ts';

/** Where the apps `settings` and `safe-settings` look. */
export const SETTINGS_PATH = '.github/settings.yml';

export const REPOSITORY_FILES: GraphqlDocument = {
  name: 'RepositoryFiles',
  text: `query RepositoryFiles($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    databaseId
    settings: object(expression: "HEAD:${SETTINGS_PATH}") { ... on Blob { text } }
    policy: object(expression: "HEAD:${POLICY_PATH}") { oid }
  }
}`,
};

const answer = z.object({
  repository: z
    .object({
      databaseId: z.number(),
      settings: z.object({ text: z.string().nullish() }).nullable(),
      policy: z.object({ oid: z.string() }).nullable(),
    })
    .nullable(),
});

/** What files of a repository tell beside its environments. */
export interface SeenFiles {
  /** The text of the settings apps' file; null where there is none to be read. */
  readonly settings: string | null;
  readonly hasPolicy: boolean;
}

/** @throws GitHubError */
export async function observeFiles(
  github: Pick<GitHubReader, 'query'>,
  { id, owner, name }: RepositoryRef,
): Promise<SeenFiles> {
  const { data, problems } = await github.query(REPOSITORY_FILES, { owner, name });
  const parsed = answer.safeParse(data);
  if (!parsed.success) throw notUnderstood(REPOSITORY_FILES.name);
  throwOnOutage(REPOSITORY_FILES.name, problems);
  const found = parsed.data.repository;
  if (found?.databaseId !== id) return { settings: null, hasPolicy: false };
  return { settings: found.settings?.text ?? null, hasPolicy: found.policy !== null };
}
