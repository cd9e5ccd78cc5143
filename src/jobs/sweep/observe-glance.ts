import { z } from 'zod';
import type { ExistingCheckRun } from '../../github/check-runs.ts';
import type { RepositoryRef } from '../../github/ids.ts';
import type { GitHubReader, GraphqlProblem } from '../../github/port.ts';
import { nodes, openWork } from '../../lifecycle/answers.ts';
import { stateShown } from '../../lifecycle/observe-listing.ts';
import { toOpenWork, type OpenWork } from '../../lifecycle/observe-open-work.ts';
import { notUnderstood, type PolicyRide } from '../../policy/load.ts';
import { organisationFields, policyFields } from '../../policy/load-fields.ts';
import { deploymentId, isCommitSha } from '../../github/trusted.ts';
import { HEAD_CHECK } from '../../reports/head-report.ts';
import type { ShownDeployment } from '../shown-to-wait.ts';
import { glanceDocument, type GlancedAt } from './glance-document.ts';

/** What one request tells of a repository beside others. */
export interface Glance {
  readonly repository: RepositoryRef;
  readonly policy: PolicyRide;
  /** The newest deployments, newest first. */
  readonly shown: readonly ShownDeployment[];
  /** Null where it was not asked for, or may not be read. */
  readonly work: GlancedWork | null;
}

export interface GlancedWork extends OpenWork {
  /** Environments that exist; null where they may not be seen, or are more than were shown. */
  readonly environments: readonly string[] | null;
  /** This app's report on the default branch's head; null where there is none. */
  readonly report: Pick<ExistingCheckRun, 'digest' | 'summary'> | null;
}

const checkRun = z.object({
  name: z.string(),
  externalId: z.string().nullable(),
  summary: z.string().nullable(),
});
const list = <T extends z.ZodType>(item: T) => z.object({ nodes: z.array(item.nullable()).nullable() }).nullish();
const reported = z.object({
  defaultBranchRef: z
    .object({
      target: z.object({ checkSuites: list(z.object({ checkRuns: list(checkRun) })) }).nullable(),
    })
    .nullable(),
});
const glanced = policyFields.extend({ databaseId: z.number(), isArchived: z.boolean() }).nullable();
const shownDeployments = z.object({
  deployments: list(
    z.object({
      databaseId: z.number().nullable(),
      latestEnvironment: z.string().nullable(),
      originalEnvironment: z.string().nullable(),
      commitOid: z.string(),
      latestStatus: z.object({ state: z.string() }).nullable(),
    }),
  ),
});
const surroundings = z.object({
  environments: list(z.object({ name: z.string() })).and(z.object({ totalCount: z.number() })),
});

/**
 * Glances at repositories of one owner: their policies, where their default branches are, what of their work is open, and
 * what was last reported. One request, flat. A repository that is gone, archived, or could not be read is missing in the
 * answer, the latter being told apart by `failed`.
 * @throws GitHubError
 * @see https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 */
export async function observeGlances(
  github: GitHubReader,
  question: { readonly those: readonly GlancedAt[]; readonly appId: number; readonly withPolicyText: boolean },
): Promise<{ readonly glances: readonly Glance[]; readonly failed: readonly RepositoryRef[] }> {
  const { those, appId, withPolicyText } = question;
  const [first] = those;
  if (first === undefined) return { glances: [], failed: [] };
  const document = glanceDocument(those);
  const names = Object.fromEntries(those.map(({ repository }, i) => [`n${i}`, repository.name]));
  const app = those.some(({ withWork }) => withWork) ? { app: appId, check: HEAD_CHECK } : {};
  const { owner } = first.repository;
  const { data, problems } = await github.query(document, { owner, withPolicyText, ...names, ...app });
  const answer = z.looseObject({ organisation: organisationFields }).safeParse(data);
  if (!answer.success) throw notUnderstood(document.name);
  const glances: Glance[] = [];
  const failed: RepositoryRef[] = [];
  for (const [i, asked] of those.entries()) {
    const ride = problems.flatMap((problem) => rideAlong(problem, i));
    const glance = readGlance(answer.data, { i, asked, problems: ride, organisation: answer.data.organisation });
    if (glance === 'failed') failed.push(asked.repository);
    else if (glance !== null) glances.push(glance);
  }
  return { glances, failed };
}

/** A problem as it would be in a query on this repository alone; none where it is about another. */
function rideAlong(problem: GraphqlProblem, i: number): readonly GraphqlProblem[] {
  const [alias, ...rest] = problem.path ?? [];
  if (alias === 'organisation' || alias === undefined) return [problem];
  if (alias === `r${i}`) return [{ ...problem, path: ['repository', ...rest] }];
  return alias === `e${i}` ? [{ ...problem, path: ['environments', ...rest] }] : [];
}

function readGlance(
  answer: Readonly<Record<string, unknown>>,
  seen: {
    readonly i: number;
    readonly asked: GlancedAt;
    readonly problems: readonly GraphqlProblem[];
    readonly organisation: PolicyRide['answer']['organisation'];
  },
): Glance | 'failed' | null {
  const { i, asked, problems, organisation } = seen;
  const { repository, withWork } = asked;
  // What GitHub failed at must not be taken for what is not there.
  if (problems.some(({ type }) => type !== 'NOT_FOUND' && type !== 'FORBIDDEN')) return 'failed';
  const raw = answer[`r${i}`];
  const parsed = glanced.safeParse(raw);
  if (!parsed.success) return 'failed';
  const found = parsed.data;
  // A list that may not be read takes the whole repository with it.
  if (found === null && problems.some(({ type, path }) => type === 'FORBIDDEN' && path?.[0] === 'repository'))
    return 'failed';
  if (found === null || found.isArchived || found.databaseId !== repository.id) return null;
  const policy: PolicyRide = { answer: { repository: found, organisation }, problems };
  const shown = shownIn(raw);
  if (!withWork) return { repository, policy, shown, work: null };
  const work = openWork.safeParse(raw);
  const report = reported.safeParse(raw);
  if (!work.success || !report.success) return { repository, policy, shown, work: null };
  const environments = surroundings.safeParse(answer[`e${i}`]);
  return {
    repository,
    policy,
    shown,
    work: {
      ...toOpenWork(work.data, { defaultBranch: found.defaultBranchRef?.name ?? 'main', policy }),
      environments: environments.success ? namesOf(environments.data.environments) : null,
      report: reportIn(report.data),
    },
  };
}

/** One that cannot be understood is left to those who list it whole. */
function shownIn(raw: unknown): Glance['shown'] {
  const parsed = shownDeployments.safeParse(raw);
  return nodes(parsed.data?.deployments).flatMap((node) => {
    const environment = node.latestEnvironment ?? node.originalEnvironment;
    const state = stateShown(node.latestStatus);
    const { databaseId, commitOid: sha } = node;
    if (databaseId === null || environment === null || state === null || !isCommitSha(sha)) return [];
    return [{ id: deploymentId(databaseId), environment, sha, state }];
  });
}

function namesOf(shown: z.infer<typeof surroundings>['environments']): readonly string[] | null {
  const names = nodes(shown).map(({ name }) => name);
  return names.length < shown.totalCount ? null : names;
}

function reportIn({ defaultBranchRef }: z.infer<typeof reported>): GlancedWork['report'] {
  const [suite] = nodes(defaultBranchRef?.target?.checkSuites);
  const [run] = nodes(suite?.checkRuns);
  if (run === undefined || run.name !== HEAD_CHECK) return null;
  const { externalId: digest, summary } = run;
  return digest === null || digest === '' ? null : { digest, summary: summary ?? '' };
}
