import type {
  Account,
  Annotation,
  App,
  CheckAction,
  CheckConclusion,
  CheckRun,
  CheckStatus,
  CheckSuite,
  Repository,
} from './model.ts';
import { timestamp } from '../clock.ts';
import { branchesAt } from './git.ts';
import { nodeId } from './accounts.ts';
import type { World } from './world.ts';

/** What a check run says. What is left out stays as it is. */
export interface CheckFields {
  readonly name?: string | undefined;
  readonly status?: CheckStatus | undefined;
  readonly conclusion?: CheckConclusion | undefined;
  readonly externalId?: string | undefined;
  readonly detailsUrl?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly completedAt?: string | undefined;
  readonly output?:
    | {
        readonly title?: string | undefined;
        readonly summary?: string | undefined;
        readonly text?: string | undefined;
        /** Added to those that it has. */
        readonly annotations?: readonly Annotation[] | undefined;
      }
    | undefined;
  readonly actions?: readonly CheckAction[] | undefined;
}

export interface NewCheckRun extends CheckFields {
  readonly app: App;
  readonly sha: string;
  readonly name: string;
  readonly workflowRunId?: number | undefined;
  /** A suite of its own, as each run of Actions has; default the app's suite on the commit. */
  readonly suite?: CheckSuite | undefined;
}

/** The app's suite on a commit, made where it is missing. */
export function ensureSuite(world: World, repository: Repository, at: { app: App; sha: string }): CheckSuite {
  const known = [...repository.checkSuites.values()].find((suite) => suite.app === at.app && suite.sha === at.sha);
  return known ?? addSuite(world, repository, at);
}

export function addSuite(world: World, repository: Repository, at: { app: App; sha: string }): CheckSuite {
  const id = world.nextId('suite');
  const now = world.clock.now();
  const suite: CheckSuite = {
    kind: 'CheckSuite',
    id,
    nodeId: nodeId('CS', id),
    repository,
    app: at.app,
    sha: at.sha,
    branch: branchesAt(repository.git, at.sha)[0] ?? null,
    runs: [],
    createdAt: now,
    updatedAt: now,
  };
  repository.checkSuites.set(id, suite);
  world.nodes.set(suite.nodeId, suite);
  return suite;
}

/** Adds a check run and tells of it, twice where it is completed at once. */
export function addCheckRun(world: World, repository: Repository, options: NewCheckRun): CheckRun {
  const suite = options.suite ?? ensureSuite(world, repository, options);
  const id = world.nextId('check');
  const run: CheckRun = {
    kind: 'CheckRun',
    id,
    nodeId: nodeId('CR', id),
    repository,
    app: options.app,
    suite,
    sha: options.sha,
    name: options.name,
    status: 'queued',
    conclusion: null,
    externalId: '',
    detailsUrl: null,
    startedAt: timestamp(world.clock.now()),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
    workflowRunId: options.workflowRunId ?? null,
    deployment: null,
  };
  repository.checkRuns.set(id, run);
  suite.runs.push(run);
  const there = repository.checkRunsByCommit.get(run.sha);
  if (there === undefined) repository.checkRunsByCommit.set(run.sha, [run]);
  else there.push(run);
  world.nodes.set(run.nodeId, run);
  assign(world, run, options);
  world.emit({ name: 'check_run', action: 'created', checkRun: run, sender: run.app.bot });
  if (run.status === 'completed') tellCompleted(world, run, run.app.bot);
  return run;
}

/** Changes a check run; tells of it where that completes it. */
export function updateCheckRun(world: World, run: CheckRun, fields: CheckFields): void {
  const before = run.status;
  assign(world, run, fields);
  if (run.status === 'completed' && before !== 'completed') tellCompleted(world, run, run.app.bot);
}

function tellCompleted(world: World, run: CheckRun, sender: Account): void {
  world.emit({ name: 'check_run', action: 'completed', checkRun: run, sender });
  if (run.suite.runs.every(({ status }) => status === 'completed')) {
    world.emit({ name: 'check_suite', action: 'completed', suite: run.suite, sender });
  }
}

/** A conclusion completes a run; another status than `completed` takes the conclusion away. */
function assign(world: World, run: CheckRun, fields: CheckFields): void {
  const now = timestamp(world.clock.now());
  run.name = fields.name ?? run.name;
  run.externalId = fields.externalId ?? run.externalId;
  run.detailsUrl = fields.detailsUrl ?? run.detailsUrl;
  run.startedAt = fields.startedAt ?? run.startedAt;
  run.actions = fields.actions ?? run.actions;
  if (fields.conclusion !== undefined) {
    run.status = 'completed';
    run.conclusion = fields.conclusion;
    run.completedAt = fields.completedAt ?? now;
  } else if (fields.status !== undefined && fields.status !== 'completed') {
    run.status = fields.status;
    run.conclusion = null;
    run.completedAt = null;
  }
  const { output } = fields;
  if (output !== undefined) {
    run.output = {
      title: output.title ?? run.output.title,
      summary: output.summary ?? run.output.summary,
      text: output.text ?? run.output.text,
    };
    run.annotations.push(...(output.annotations ?? []));
  }
  run.suite.updatedAt = world.clock.now();
}

/** The newest run of each app and name on a commit, newest first. */
export function latestCheckRuns(repository: Repository, sha: string): CheckRun[] {
  const newest = new Map<string, CheckRun>();
  for (const run of repository.checkRunsByCommit.get(sha) ?? []) newest.set(`${run.app.id} ${run.name}`, run);
  return [...newest.values()].sort((a, b) => b.id - a.id);
}

/** What the runs of a suite come to. */
export function suiteState(suite: CheckSuite): { status: CheckStatus; conclusion: CheckConclusion | null } {
  const newest = [...new Map(suite.runs.map((run) => [run.name, run])).values()];
  if (newest.length === 0) return { status: 'queued', conclusion: null };
  const open = newest.find(({ status }) => status !== 'completed');
  if (open !== undefined) return { status: open.status === 'queued' ? 'queued' : 'in_progress', conclusion: null };
  const worst = ['failure', 'timed_out', 'startup_failure', 'action_required', 'cancelled', 'stale'] as const;
  const bad = worst.find((conclusion) => newest.some((run) => run.conclusion === conclusion));
  const fine = newest.some(({ conclusion }) => conclusion === 'success') ? 'success' : 'neutral';
  return { status: 'completed', conclusion: bad ?? fine };
}
