import type { RepositoryRef } from './ids.ts';
import type { GitHubReader } from './port.ts';

/** A check run of ours on a commit. `digest` is what was written into its `external_id`. */
export interface ExistingCheckRun {
  readonly id: number;
  readonly digest: string;
  readonly title: string;
  readonly summary: string;
  readonly conclusion: string | null;
}

/**
 * This app's newest check run of a name on a commit; null where there is none that was written to its end. Another
 * app's of the same name is not ours to change.
 * @throws GitHubError
 */
export async function observeCheckRun(
  github: Pick<GitHubReader, 'get'>,
  question: {
    readonly repository: RepositoryRef;
    readonly sha: string;
    readonly name: string;
    /** Tells from its digest whether it is of the kind that is looked for: two kinds may have one name. */
    readonly isOfKind: (digest: string) => boolean;
    /** Null where nobody knows it: then no run is ours. */
    readonly appId: number | null;
  },
): Promise<ExistingCheckRun | null> {
  const { repository, sha, name, isOfKind, appId } = question;
  if (appId === null) return null;
  const { check_runs } = await github.get('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    owner: repository.owner,
    repo: repository.name,
    ref: sha,
    check_name: name,
    // The latest of a name could be one of the other kind.
    filter: 'all',
    app_id: appId,
    per_page: 100,
  });
  let newest: ExistingCheckRun | null = null;
  for (const run of check_runs) {
    const ours = run.name === name && run.app?.id === appId && run.head_sha === sha;
    if (!ours || !run.external_id || !isOfKind(run.external_id)) continue;
    if (newest !== null && Number(run.id) <= newest.id) continue;
    const { title, summary } = run.output;
    const { conclusion, external_id: digest } = run;
    newest = { id: Number(run.id), digest, title: title ?? '', summary: summary ?? '', conclusion };
  }
  return newest;
}
