import { z } from 'zod';
import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader, GraphqlDocument } from '../github/port.ts';
import { notUnderstood, throwOnOutage } from '../policy/load.ts';
import { HEAD_CHECK } from './head-report.ts';
import { decodeState, type ReportState } from './report-state.ts';

/** The app's reports on the last commits of the default branch: pushes that leave the policy alone come between. */
export const LAST_REPORTS: GraphqlDocument = {
  name: 'LastReports',
  text: `query LastReports($owner: String!, $name: String!, $app: Int!, $check: String!) {
  repository(owner: $owner, name: $name) {
    databaseId
    defaultBranchRef {
      target {
        ... on Commit {
          history(first: 50) {
            nodes {
              checkSuites(first: 1, filterBy: { appId: $app, checkName: $check }) {
                nodes {
                  checkRuns(first: 1, filterBy: { appId: $app, checkName: $check, checkType: LATEST }) {
                    nodes { summary }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}`,
};

const list = <T extends z.ZodType>(item: T) => z.object({ nodes: z.array(item.nullable()).nullable() }).nullable();
const answer = z.object({
  repository: z
    .object({
      databaseId: z.number(),
      defaultBranchRef: z
        .object({
          target: z
            .object({
              history: list(
                z.object({
                  checkSuites: list(z.object({ checkRuns: list(z.object({ summary: z.string().nullable() })) })),
                }),
              ).optional(),
            })
            .nullable(),
        })
        .nullable(),
    })
    .nullable(),
});

/**
 * What the newest report on the last commits of the default branch says to the next process. Null where there is none, or
 * none that can be understood.
 * @throws GitHubError
 */
export async function loadEarlierReport(
  github: Pick<GitHubReader, 'query'>,
  { repository, appId }: { readonly repository: RepositoryRef; readonly appId: number },
): Promise<ReportState | null> {
  const { owner, name, id } = repository;
  const { data, problems } = await github.query(LAST_REPORTS, { owner, name, app: appId, check: HEAD_CHECK });
  const parsed = answer.safeParse(data);
  if (!parsed.success) throw notUnderstood(LAST_REPORTS.name);
  // A report that could not be read must not be taken for one that is not there.
  throwOnOutage(LAST_REPORTS.name, problems);
  const found = parsed.data.repository;
  if (found?.databaseId !== id) return null;
  for (const commit of found.defaultBranchRef?.target?.history?.nodes ?? []) {
    for (const suite of commit?.checkSuites?.nodes ?? []) {
      const summary = suite?.checkRuns?.nodes?.[0]?.summary;
      if (summary) return decodeState(summary);
    }
  }
  return null;
}
