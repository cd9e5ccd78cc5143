import { z } from 'zod';
import type { ExistingCheckRun } from '../github/check-runs.ts';
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
              oid
              checkSuites(first: 1, filterBy: { appId: $app, checkName: $check }) {
                nodes {
                  checkRuns(first: 1, filterBy: { appId: $app, checkName: $check, checkType: LATEST }) {
                    nodes { externalId summary }
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
const checkRun = z.object({ externalId: z.string().nullable(), summary: z.string().nullable() });
const answer = z.object({
  repository: z
    .object({
      databaseId: z.number(),
      defaultBranchRef: z
        .object({
          target: z
            .object({
              history: list(
                z.object({ oid: z.string(), checkSuites: list(z.object({ checkRuns: list(checkRun) })) }),
              ).optional(),
            })
            .nullable(),
        })
        .nullable(),
    })
    .nullable(),
});

/** What the last commits of the default branch say of this app. */
export interface LastReports {
  /** What the newest report says to the next process. Null where there is none, or none that can be understood. */
  readonly state: ReportState | null;
  /** The head's report, by what it says; null where it has none that was written to its end. */
  readonly head: Pick<ExistingCheckRun, 'digest'> | null;
}

/**
 * Reads the newest reports, the head's and what was before it, with one request. Null where the head is another commit by
 * now.
 * @throws GitHubError
 */
export async function loadLastReports(
  github: Pick<GitHubReader, 'query'>,
  question: { readonly repository: RepositoryRef; readonly headSha: string; readonly appId: number },
): Promise<LastReports | null> {
  const { repository, headSha, appId } = question;
  const { owner, name, id } = repository;
  const { data, problems } = await github.query(LAST_REPORTS, { owner, name, app: appId, check: HEAD_CHECK });
  const parsed = answer.safeParse(data);
  if (!parsed.success) throw notUnderstood(LAST_REPORTS.name);
  // A report that could not be read must not be taken for one that is not there.
  throwOnOutage(LAST_REPORTS.name, problems);
  const found = parsed.data.repository;
  const commits = found?.defaultBranchRef?.target?.history?.nodes ?? [];
  if (found?.databaseId !== id || commits[0]?.oid !== headSha) return null;
  const runs = commits.map((commit) => commit?.checkSuites?.nodes?.[0]?.checkRuns?.nodes?.[0] ?? null);
  const digest = runs[0]?.externalId ?? '';
  const summary = runs.find((run) => Boolean(run?.externalId) && Boolean(run?.summary))?.summary ?? null;
  return {
    state: summary === null ? null : decodeState(summary),
    head: digest === '' ? null : { digest },
  };
}
