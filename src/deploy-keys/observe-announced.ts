import { z } from 'zod';
import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { notUnderstood, throwOnOutage } from '../policy/load.ts';
import { readAnnouncements } from '../reports/deploy-keys-report.ts';
import { HEAD_CHECK } from '../reports/head-report.ts';
import { ANNOUNCING_REPORTS } from './documents.ts';

const nodesOf = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node.nullable()).nullable() }).nullable();
const run = z.object({ summary: z.string().nullable() });
const commit = z.object({ checkSuites: nodesOf(z.object({ checkRuns: nodesOf(run) })) });
const target = z.object({ history: nodesOf(commit) }).partial();
const answer = z.object({
  repository: z
    .object({ databaseId: z.number(), defaultBranchRef: z.object({ target: target.nullable() }).nullable() })
    .nullable(),
});

/**
 * The deletions that this app's newest report announces: the one on the default branch's head, or, where that has none
 * yet, on the newest of its last hundred commits that has. Nothing that is remembered stands in for it, so that a
 * deletion is never done because of an announcement that nobody could read.
 * @throws GitHubError
 */
export async function observeAnnounced(
  github: Pick<GitHubReader, 'query'>,
  { repository, appId }: { readonly repository: RepositoryRef; readonly appId: number },
): Promise<ReadonlySet<string>> {
  const { owner, name } = repository;
  const { data, problems } = await github.query(ANNOUNCING_REPORTS, { owner, name, appId, check: HEAD_CHECK });
  const parsed = answer.safeParse(data);
  if (!parsed.success) throw notUnderstood(ANNOUNCING_REPORTS.name);
  throwOnOutage(ANNOUNCING_REPORTS.name, problems);
  const found = parsed.data.repository;
  if (found?.databaseId !== repository.id) return new Set();
  for (const one of found.defaultBranchRef?.target?.history?.nodes ?? []) {
    const suite = one?.checkSuites?.nodes?.[0];
    const report = suite?.checkRuns?.nodes?.[0];
    if (report !== undefined && report !== null) return readAnnouncements(report.summary ?? '');
  }
  return new Set();
}
