import type { ProtectionKey } from '../changes/protection-change.ts';
import { readRuleApps } from '../github/environments.ts';
import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import { namesOfRule } from './observe-parts.ts';

type Reader = Pick<GitHubReader, 'get'>;

/**
 * Whether any branch is protected, be it by a ruleset.
 * @throws GitHubError
 */
export async function observeHasProtectedBranch(github: Reader, { owner, name }: RepositoryRef): Promise<boolean> {
  const branches = await github.get('GET /repos/{owner}/{repo}/branches', {
    owner,
    repo: name,
    protected: true,
    per_page: 1,
  });
  return branches.length > 0;
}

/**
 * Whether everybody may read the repository's reports.
 * @throws GitHubError
 */
export async function observeIsPublic(github: Reader, { owner, name }: RepositoryRef): Promise<boolean> {
  const repository = await github.get('GET /repos/{owner}/{repo}', { owner, repo: name });
  return !repository.private;
}

/**
 * The apps whose rule can be enabled, by slug in lower case. GitHub offers the same ones to every environment of a
 * repository, so that one is asked. Null where the answer may not be had.
 * @throws GitHubError
 */
export async function observeRuleApps(
  github: Reader,
  question: {
    readonly repository: RepositoryRef;
    readonly environment: string;
    readonly leftOut: Map<ProtectionKey, string>;
    readonly appId: number | null;
  },
): Promise<ReadonlyMap<string, number> | null> {
  const { repository, environment, leftOut, appId } = question;
  try {
    const apps = await readRuleApps(github, repository, environment);
    return new Map(apps.flatMap((app) => namesOfRule(app, appId).map((name) => [name, app.id] as const)));
  } catch (error) {
    if (!(error instanceof GitHubError) || (error.kind !== 'forbidden' && error.kind !== 'not_found')) throw error;
    if (error.kind === 'forbidden') leftOut.set('custom_rules', error.message);
    return null;
  }
}
