import { timestamp } from '../../clock.ts';
import { latestCheckRuns, suiteState } from '../../state/checks.ts';
import { combinedState, latestStatuses } from '../../state/commit-statuses.ts';
import type { App, CheckRun, CheckSuite, CommitStatus } from '../../state/model.ts';
import { fullNameOf } from '../../state/repositories.ts';
import { nodeId } from '../../state/accounts.ts';
import { connect, connectInOrder } from '../connection.ts';
import { need, type Args, type Context, type Fields } from '../context.ts';
import { commitView, type CommitView } from '../objects.ts';

const upper = (text: string | null) => text?.toUpperCase() ?? null;
const byId = ({ id }: { readonly id: number }) => [id];

export const appFields: Fields<App> = {
  id: (app) => `A_${app.id}`,
  databaseId: (app) => app.id,
  name: (app) => app.name,
  slug: (app) => app.slug,
  clientId: (app) => app.clientId,
};

export const checkRunFields: Fields<CheckRun> = {
  id: (run) => run.nodeId,
  databaseId: (run) => run.id,
  fullDatabaseId: (run) => String(run.id),
  name: (run) => run.name,
  status: (run) => upper(run.status),
  conclusion: (run) => upper(run.conclusion),
  externalId: (run) => run.externalId,
  title: (run) => run.output.title,
  summary: (run) => run.output.summary,
  text: (run) => run.output.text,
  startedAt: (run) => run.startedAt,
  completedAt: (run) => run.completedAt,
  detailsUrl: (run, _args, { at }) => run.detailsUrl ?? `${at.html}/${fullNameOf(run.repository)}/runs/${run.id}`,
  checkSuite: (run) => run.suite,
  deployment: (run) => run.deployment,
  repository: (run) => run.repository,
};

export const checkSuiteFields: Fields<CheckSuite> = {
  id: (suite) => suite.nodeId,
  databaseId: (suite) => suite.id,
  app: (suite) => suite.app,
  status: (suite) => upper(suiteState(suite).status),
  conclusion: (suite) => upper(suiteState(suite).conclusion),
  createdAt: (suite) => timestamp(suite.createdAt),
  updatedAt: (suite) => timestamp(suite.updatedAt),
  commit: (suite) => commitView(suite.repository, suite.sha),
  repository: (suite) => suite.repository,
  workflowRun: (suite) => {
    const run = [...suite.repository.workflowRuns.values()].find((each) => each.suite === suite);
    return run === undefined ? null : { kind: 'WorkflowRun', run };
  },
  checkRuns: (suite, args) => connect(filteredRuns(suite, args), args, { keyOf: byId }),
};

type WorkflowRunView = { readonly run: { readonly id: number; readonly nodeId: string; readonly event: string } };

export const workflowRunFields: Fields<WorkflowRunView> = {
  id: ({ run }) => run.nodeId,
  databaseId: ({ run }) => run.id,
  event: ({ run }) => run.event,
};

interface RunFilter {
  readonly checkName?: string | null;
  readonly appId?: number | null;
  readonly checkType?: 'ALL' | 'LATEST' | null;
  readonly status?: string | null;
}

/** All of them, unless the filter says otherwise. */
function filteredRuns(suite: CheckSuite, args: Args): CheckRun[] {
  const filter = (args['filterBy'] ?? {}) as RunFilter;
  const newest = new Map(suite.runs.map((run) => [run.name, run]));
  return suite.runs.filter(
    (run) =>
      (!filter.checkName || run.name === filter.checkName) &&
      (!filter.appId || run.app.id === filter.appId) &&
      (!filter.status || upper(run.status) === filter.status) &&
      (filter.checkType !== 'LATEST' || newest.get(run.name) === run),
  );
}

/** Fields of a commit that say what was checked. */
export const commitCheckFields: Fields<CommitView> = {
  checkSuites: ({ repository, commit }, args, context) => {
    need(context, repository, 'checks');
    const filter = (args['filterBy'] ?? {}) as RunFilter;
    const all = [...repository.checkSuites.values()].filter(
      (suite) => suite.sha === commit.sha && (!filter.appId || suite.app.id === filter.appId),
    );
    return connect(all, args, { keyOf: byId });
  },
  status: (view, _args, context) => {
    need(context, view.repository, 'statuses');
    return latestStatuses(view.repository, view.commit.sha).length === 0 ? null : { kind: 'Status', view };
  },
  statusCheckRollup: (view, _args, context) => {
    const rollup = rollupOf(view, context);
    return rollup.contexts.length === 0 ? null : rollup;
  },
};

interface StatusView {
  readonly view: CommitView;
}

export const statusFields: Fields<StatusView> = {
  id: ({ view }) => nodeId('S', `${view.repository.id}:${view.commit.sha}`),
  state: ({ view }) => upper(combinedState(latestStatuses(view.repository, view.commit.sha))),
  commit: ({ view }) => view,
  contexts: ({ view }) => latestStatuses(view.repository, view.commit.sha),
  context: ({ view }, args) =>
    latestStatuses(view.repository, view.commit.sha).find((each) => each.context === args['name']) ?? null,
};

export const statusContextFields: Fields<CommitStatus> = {
  id: (status) => status.nodeId,
  context: (status) => status.context,
  state: (status) => upper(status.state),
  description: (status) => status.description,
  targetUrl: (status) => status.targetUrl,
  createdAt: (status) => timestamp(status.createdAt),
  creator: (status) => status.creator,
  commit: (status) => commitView(status.repository, status.sha),
};

interface Rollup {
  readonly kind: 'StatusCheckRollup';
  readonly view: CommitView;
  readonly contexts: readonly (CheckRun | CommitStatus)[];
}

function rollupOf(view: CommitView, context: Context): Rollup {
  const { repository, commit } = view;
  need(context, repository, 'checks');
  need(context, repository, 'statuses');
  const contexts = [...latestCheckRuns(repository, commit.sha), ...latestStatuses(repository, commit.sha)];
  return { kind: 'StatusCheckRollup', view, contexts };
}

const FINE = ['success', 'neutral', 'skipped'];

export const rollupFields: Fields<Rollup> = {
  id: ({ view }) => nodeId('SCR', `${view.repository.id}:${view.commit.sha}`),
  commit: ({ view }) => view,
  state: ({ contexts }) => {
    const states = contexts.map((each) => (each.kind === 'CheckRun' ? (each.conclusion ?? 'pending') : each.state));
    if (states.every((state) => FINE.includes(state))) return 'SUCCESS';
    return states.some((state) => state !== 'pending' && !FINE.includes(state)) ? 'FAILURE' : 'PENDING';
  },
  contexts: ({ contexts }, args) => connectInOrder(contexts, args),
};
