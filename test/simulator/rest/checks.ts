import { addCheckRun, latestCheckRuns, updateCheckRun, type CheckFields } from '../state/checks.ts';
import {
  CHECK_CONCLUSIONS,
  type Annotation,
  type CheckAction,
  type CheckRun,
  type CheckSuite,
} from '../state/model.ts';
import { commitNamed } from './contents.ts';
import { optionalChoice, optionalList, optionalNumber, optionalObject, optionalText, requiredText } from './input.ts';
import { page } from './paging.ts';
import { HttpProblem, notAccessible, notFound, unprocessable } from './problem.ts';
import { created, inRepository, numberParam, ok, type Reply, type RepositoryCall, type Route } from './route.ts';
import { checkRunData, checkSuiteData } from './shapes/checks.ts';
import { repositoryUrl } from './shapes/repository.ts';

const REPO = '/repos/{owner}/{repo}';
const RUN = `${REPO}/check-runs/{check_run_id}`;
const SUITE = `${REPO}/check-suites/{check_suite_id}`;
const STATUSES = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'] as const;
const LEVELS = ['notice', 'warning', 'failure'] as const;

/** https://docs.github.com/rest/checks/runs#create-a-check-run */
const LONGEST_TEXT = 65_535;
const MOST_ANNOTATIONS = 50;
const MOST_ACTIONS = 3;
const LONGEST_ACTION = { label: 20, description: 40, identifier: 20 } as const;

/** https://docs.github.com/rest/checks */
export const checkRoutes: readonly Route[] = [
  inRepository(`POST ${REPO}/check-runs`, 'checks:write', create),
  inRepository(`GET ${RUN}`, 'checks:read', (call) => ok(checkRunData(run(call), call.at))),
  inRepository(`PATCH ${RUN}`, 'checks:write', update),
  inRepository(`POST ${RUN}/rerequest`, 'checks:write', (call) => {
    call.world.emit({ name: 'check_run', action: 'rerequested', checkRun: run(call), sender: call.actor });
    return created({});
  }),
  inRepository(`GET ${RUN}/annotations`, 'checks:read', annotations),
  inRepository(`GET ${REPO}/commits/{ref}/check-runs`, 'checks:read', runsOfCommit),
  inRepository(`GET ${REPO}/commits/{ref}/check-suites`, 'checks:read', suitesOfCommit),
  inRepository(`GET ${SUITE}`, 'checks:read', (call) => ok(checkSuiteData(suite(call), call.at))),
  inRepository(`GET ${SUITE}/check-runs`, 'checks:read', (call) => listRuns(call, suite(call).runs)),
];

function run(call: RepositoryCall): CheckRun {
  const found = call.repository.checkRuns.get(numberParam(call, 'check_run_id'));
  if (found === undefined) throw notFound();
  return found;
}

function suite(call: RepositoryCall): CheckSuite {
  const found = call.repository.checkSuites.get(numberParam(call, 'check_suite_id'));
  if (found === undefined) throw notFound();
  return found;
}

/** Only apps write check runs. */
function create(call: RepositoryCall): Reply {
  const { viaApp, body, world, repository } = call;
  if (viaApp === null) throw new HttpProblem(403, 'You must authenticate via a GitHub App.');
  const name = requiredText(body, 'name');
  const sha = requiredText(body, 'head_sha');
  if (!repository.git.objects.commits.has(sha)) throw unprocessable(`No commit found for SHA: ${sha}`);
  return created(checkRunData(addCheckRun(world, repository, { ...fieldsOf(body), app: viaApp, name, sha }), call.at));
}

function update(call: RepositoryCall): Reply {
  const found = run(call);
  if (found.app !== call.viaApp) throw notAccessible();
  updateCheckRun(call.world, found, fieldsOf(call.body));
  return ok(checkRunData(found, call.at));
}

function fieldsOf(body: RepositoryCall['body']): CheckFields {
  const status = optionalChoice(body, 'status', STATUSES);
  const conclusion = optionalChoice(body, 'conclusion', CHECK_CONCLUSIONS);
  if (status === 'completed' && conclusion === undefined) {
    throw unprocessable('Invalid request.\n\n"conclusion" wasn\'t supplied.');
  }
  return {
    name: optionalText(body, 'name'),
    status,
    conclusion,
    externalId: optionalText(body, 'external_id'),
    detailsUrl: optionalText(body, 'details_url'),
    startedAt: optionalText(body, 'started_at'),
    completedAt: optionalText(body, 'completed_at'),
    output: outputOf(body),
    actions: actionsOf(body),
  };
}

function outputOf(body: RepositoryCall['body']): CheckFields['output'] {
  const output = optionalObject(body, 'output');
  if (!output) return undefined;
  const limited = (field: string) => {
    const value = optionalText(output, field);
    if (value !== undefined && value.length > LONGEST_TEXT) {
      throw unprocessable(
        `Invalid request.\n\nOnly ${LONGEST_TEXT} characters are allowed; ${value.length} were supplied.`,
      );
    }
    return value;
  };
  const summary = limited('summary');
  if (summary === undefined) throw unprocessable('Invalid request.\n\n"summary" wasn\'t supplied.');
  const list = optionalList(output, 'annotations') ?? [];
  if (list.length > MOST_ANNOTATIONS) {
    throw unprocessable(
      `Invalid request.\n\nNo more than ${MOST_ANNOTATIONS} items are allowed; ${list.length} were supplied.`,
    );
  }
  return { title: limited('title'), summary, text: limited('text'), annotations: list.map(annotationOf) };
}

function annotationOf(value: unknown): Annotation {
  const given = value as Readonly<Record<string, unknown>>;
  const start = optionalNumber(given, 'start_line');
  const end = optionalNumber(given, 'end_line');
  const level = optionalChoice(given, 'annotation_level', LEVELS);
  if (start === undefined || end === undefined || level === undefined) {
    throw unprocessable('Invalid request.\n\n"start_line", "end_line" or "annotation_level" wasn\'t supplied.');
  }
  const columns = [optionalNumber(given, 'start_column'), optionalNumber(given, 'end_column')];
  if (start !== end && columns.some((column) => column !== undefined)) {
    throw unprocessable('Invalid request.\n\nColumns are only allowed where start_line and end_line are the same.');
  }
  return {
    path: requiredText(given, 'path'),
    start_line: start,
    end_line: end,
    start_column: columns[0] ?? null,
    end_column: columns[1] ?? null,
    annotation_level: level,
    message: requiredText(given, 'message'),
    title: optionalText(given, 'title') ?? null,
    raw_details: optionalText(given, 'raw_details') ?? null,
  };
}

function actionsOf(body: RepositoryCall['body']): readonly CheckAction[] | undefined {
  const list = optionalList(body, 'actions');
  if (list !== undefined && list.length > MOST_ACTIONS) {
    throw unprocessable(
      `Invalid request.\n\nNo more than ${MOST_ACTIONS} items are allowed; ${list.length} were supplied.`,
    );
  }
  return list?.map((value) => {
    const given = value as Readonly<Record<string, unknown>>;
    const limited = (field: keyof typeof LONGEST_ACTION) => {
      const text = requiredText(given, field);
      if (text.length <= LONGEST_ACTION[field]) return text;
      throw unprocessable(`Invalid request.\n\nOnly ${LONGEST_ACTION[field]} characters are allowed in ${field}.`);
    };
    return { label: limited('label'), description: limited('description'), identifier: limited('identifier') };
  });
}

function annotations(call: RepositoryCall): Reply {
  const found = run(call);
  const blob = `${repositoryUrl(found.repository, call.at)}/contents`;
  return page(call, found.annotations, (items) =>
    items.map((each) => ({ ...each, blob_href: `${blob}/${each.path}?ref=${found.sha}` })),
  );
}

function listRuns(call: RepositoryCall, runs: readonly CheckRun[]): Reply {
  const { query } = call;
  const [name, status, app] = [query.get('check_name'), query.get('status'), query.get('app_id')];
  const found = runs.filter(
    (each) =>
      (name === null || each.name === name) &&
      (status === null || each.status === status) &&
      (app === null || String(each.app.id) === app),
  );
  return page(call, found, (items) => ({
    total_count: found.length,
    check_runs: items.map((each) => checkRunData(each, call.at)),
  }));
}

/** The newest of each app and name, or with `filter=all` every one. */
function runsOfCommit(call: RepositoryCall): Reply {
  const { sha } = commitNamed(call, 'ref');
  const all = call.query.get('filter') === 'all';
  return listRuns(
    call,
    all ? (call.repository.checkRunsByCommit.get(sha) ?? []).toReversed() : latestCheckRuns(call.repository, sha),
  );
}

function suitesOfCommit(call: RepositoryCall): Reply {
  const { sha } = commitNamed(call, 'ref');
  const app = call.query.get('app_id');
  const found = [...call.repository.checkSuites.values()].filter(
    (each) => each.sha === sha && (app === null || String(each.app.id) === app),
  );
  return page(call, found, (items) => ({
    total_count: found.length,
    check_suites: items.map((each) => checkSuiteData(each, call.at)),
  }));
}
