import { timestamp } from '../clock.ts';
import { findEnvironment } from '../state/environments.ts';
import type { Repository, WorkflowRun } from '../state/model.ts';
import { completeWorkflowRun, reportOnRule, workflowId } from '../state/workflow-runs.ts';
import { optionalChoice, optionalText, requiredText } from './input.ts';
import { page } from './paging.ts';
import { conflict, notAccessible, notFound, unprocessable } from './problem.ts';
import {
  inRepository,
  noContent,
  numberParam,
  ok,
  type Addresses,
  type Reply,
  type RepositoryCall,
  type Route,
} from './route.ts';
import { environmentUrl, reviewerData } from './shapes/environments.ts';
import { jobData, workflowRunData } from './shapes/workflow-runs.ts';

const RUNS = '/repos/{owner}/{repo}/actions/runs';
const RUN = `${RUNS}/{run_id}`;
const LONGEST_COMMENT = 1_024;
const MOST_REPORTS = 10;

/** https://docs.github.com/rest/actions/workflow-runs */
export const workflowRunRoutes: readonly Route[] = [
  inRepository(`GET ${RUNS}`, 'actions:read', (call) => listRuns(call)),
  inRepository(`GET ${RUN}`, 'actions:read', (call) => ok(workflowRunData(call.world, named(call), call.at))),
  inRepository(`GET ${RUN}/attempts/{attempt_number}`, 'actions:read', (call) => {
    const run = named(call);
    if (numberParam(call, 'attempt_number') !== run.attempt) throw notFound();
    return ok(workflowRunData(call.world, run, call.at));
  }),
  inRepository(`GET ${RUN}/jobs`, 'actions:read', (call) => {
    const run = named(call);
    return page(call, run.suite.runs, (items) => ({
      total_count: run.suite.runs.length,
      jobs: items.map((check) => jobData(run, check, call.at)),
    }));
  }),
  inRepository(`GET ${RUN}/pending_deployments`, 'actions:read', (call) => ok(pending(named(call), call.at))),
  inRepository(`POST ${RUN}/deployment_protection_rule`, 'deployments:write', report),
  inRepository(`POST ${RUN}/cancel`, 'actions:write', (call) => {
    const run = named(call);
    if (run.status === 'completed') throw conflict('Cannot cancel a workflow run that is completed.');
    completeWorkflowRun(call.world, run, 'cancelled');
    return { status: 202, body: {} };
  }),
];

function named(call: RepositoryCall): WorkflowRun {
  const run = call.repository.workflowRuns.get(numberParam(call, 'run_id'));
  if (run === undefined) throw notFound();
  return run;
}

/** Newest first, perhaps of one workflow file. `status` takes conclusions too. */
export function listRuns(call: RepositoryCall, workflow?: string): Reply {
  const { query, repository, world, at } = call;
  const is = (name: string, ...values: (string | null)[]) => {
    const wanted = query.get(name);
    return wanted === null || values.includes(wanted);
  };
  const found = [...repository.workflowRuns.values()].filter(
    (run) =>
      (workflow === undefined || run.workflow === workflow) &&
      is('status', run.status, run.conclusion) &&
      is('branch', run.branch) &&
      is('event', run.event) &&
      is('head_sha', run.sha) &&
      is('actor', run.actor.login) &&
      is('check_suite_id', String(run.suite.id)) &&
      createdWithin(run, query.get('created')),
  );
  found.reverse();
  return page(call, found, (items) => ({
    total_count: found.length,
    workflow_runs: items.map((run) => workflowRunData(world, run, at)),
  }));
}

/** `>=2026-03-02`, `2026-03-01..2026-03-02` and the like. */
function createdWithin(run: WorkflowRun, created: string | null): boolean {
  if (created === null) return true;
  const at = timestamp(run.createdAt);
  const [, from, to] = /^(.+)\.\.(.+)$/.exec(created) ?? [];
  if (from !== undefined && to !== undefined) return (from === '*' || at >= from) && (to === '*' || at <= to);
  const [, operator, moment = ''] = /^([<>]=?)?(.+)$/.exec(created) ?? [];
  if (operator === undefined) return at.startsWith(moment);
  return operator.startsWith('>') ? at >= moment : at <= moment;
}

function pending(run: WorkflowRun, at: Addresses) {
  return [...run.pending.keys()].flatMap((name) => {
    const environment = findEnvironment(run.repository, name);
    if (environment === undefined) return [];
    return {
      environment: {
        id: environment.id,
        node_id: environment.nodeId,
        name: environment.name,
        url: environmentUrl(environment, at),
        html_url: `${at.html}/${run.repository.owner.login}/${run.repository.name}/deployments`,
      },
      wait_timer: environment.waitTimer?.minutes ?? 0,
      wait_timer_started_at: null,
      current_user_can_approve: false,
      reviewers: (environment.review?.reviewers ?? []).map((reviewer) => reviewerData(reviewer, at)),
    };
  });
}

/** https://docs.github.com/actions/managing-workflow-runs-and-deployments/managing-deployments/creating-custom-deployment-protection-rules */
function report(call: RepositoryCall): Reply {
  const { body, viaApp, world, repository } = call;
  const run = named(call);
  if (viaApp === null) throw notAccessible();
  const environment = requiredText(body, 'environment_name');
  const state = optionalChoice(body, 'state', ['approved', 'rejected'] as const) ?? null;
  const comment = optionalText(body, 'comment') ?? '';
  if (state === null && comment === '') throw unprocessable('Invalid request.\n\n"comment" wasn\'t supplied.');
  if (comment.length > LONGEST_COMMENT) {
    throw unprocessable(
      `Invalid request.\n\nOnly ${LONGEST_COMMENT} characters are allowed; ${comment.length} were supplied.`,
    );
  }
  const rules = [...(findEnvironment(repository, environment)?.customRules.values() ?? [])];
  if (!run.pending.has(environment.toLowerCase()) || !rules.some((rule) => rule.app === viaApp)) throw notFound();
  const before = run.reports.filter((each) => each.environment.toLowerCase() === environment.toLowerCase());
  if (before.length >= MOST_REPORTS) throw unprocessable(`No more than ${MOST_REPORTS} status reports are allowed.`);
  reportOnRule(world, run, { environment, state, comment });
  return noContent();
}

/** The workflow file that a parameter names by its file or its number. */
export function workflowNamed(call: RepositoryCall): string {
  const { world, repository, params } = call;
  const given = params['workflow_id'] ?? '';
  const found = workflowsOf(repository).find(
    (path) =>
      path === given || path.endsWith(`/${given}`) || String(workflowId(world, repository, fileOf(path))) === given,
  );
  if (found === undefined) throw notFound();
  return found;
}

export const fileOf = (path: string) => path.slice('.github/workflows/'.length);

/** Workflow files of the default branch, in the order of their names. */
export function workflowsOf(repository: Repository): string[] {
  const head = repository.git.refs.get(`refs/heads/${repository.defaultBranch}`);
  const tree = head === undefined ? undefined : repository.git.objects.commits.get(head)?.tree;
  return [...(tree?.keys() ?? [])].filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)).sort();
}
