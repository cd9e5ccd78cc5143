import { z } from 'zod';
import { observeCheckRun } from '../github/check-runs.ts';
import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader, GraphqlDocument } from '../github/port.ts';
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
 * What the newest report on the default branch says to the next process: the head's own, else, where that is asked for,
 * that of a commit before it. Null where there is none, or none that can be understood.
 * @throws GitHubError
 */
export async function loadLastReport(
  github: Pick<GitHubReader, 'get' | 'query'>,
  question: {
    readonly repository: RepositoryRef;
    readonly headSha: string;
    readonly appId: number;
    readonly where: 'head' | 'head and before';
  },
): Promise<ReportState | null> {
  const { repository, headSha, appId } = question;
  const own = await observeCheckRun(github, { repository, sha: headSha, name: HEAD_CHECK, appId });
  if (own !== null || question.where === 'head') return decodeState(own?.summary ?? '');
  const { owner, name, id } = repository;
  const { data } = await github.query(LAST_REPORTS, { owner, name, app: appId, check: HEAD_CHECK });
  const parsed = answer.safeParse(data);
  const found = parsed.success ? parsed.data.repository : null;
  if (found?.databaseId !== id) return null;
  for (const commit of found.defaultBranchRef?.target?.history?.nodes ?? []) {
    for (const suite of commit?.checkSuites?.nodes ?? []) {
      const summary = suite?.checkRuns?.nodes?.[0]?.summary;
      if (summary) return decodeState(summary);
    }
  }
  return null;
}
