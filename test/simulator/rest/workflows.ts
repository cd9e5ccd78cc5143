import { load } from 'js-yaml';
import { timestamp } from '../clock.ts';
import { findCommit, type Commit } from '../state/git.ts';
import { fullNameOf } from '../state/repositories.ts';
import { addWorkflowRun, workflowId } from '../state/workflow-runs.ts';
import { nodeId } from '../state/accounts.ts';
import { fileOf, listRuns, workflowNamed, workflowsOf } from './actions.ts';
import { optionalObject, requiredText } from './input.ts';
import { page } from './paging.ts';
import { notFound, unprocessable } from './problem.ts';
import { inRepository, noContent, ok, type Reply, type RepositoryCall, type Route } from './route.ts';
import type { Data } from './shapes/data.ts';
import { repositoryUrl } from './shapes/repository.ts';

const ALL = '/repos/{owner}/{repo}/actions/workflows';
const ONE = `${ALL}/{workflow_id}`;

/** https://docs.github.com/rest/actions/workflows */
export const workflowRoutes: readonly Route[] = [
  inRepository(`GET ${ALL}`, 'actions:read', (call) => {
    const all = workflowsOf(call.repository);
    return page(call, all, (items) => ({
      total_count: all.length,
      workflows: items.map((path) => workflowData(call, path)),
    }));
  }),
  inRepository(`GET ${ONE}`, 'actions:read', (call) => ok(workflowData(call, workflowNamed(call)))),
  inRepository(`GET ${ONE}/runs`, 'actions:read', (call) => listRuns(call, fileOf(workflowNamed(call)))),
  inRepository(`POST ${ONE}/dispatches`, 'actions:write', dispatch),
];

function workflowData(
  call: RepositoryCall,
  path: string,
): Data<'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}'> {
  const { world, repository, at } = call;
  const id = workflowId(world, repository, fileOf(path));
  const html = `${at.html}/${fullNameOf(repository)}`;
  return {
    id,
    node_id: nodeId('W', id),
    name: fileOf(path),
    path,
    state: 'active',
    created_at: timestamp(repository.createdAt),
    updated_at: timestamp(repository.createdAt),
    url: `${repositoryUrl(repository, at)}/actions/workflows/${id}`,
    html_url: `${html}/blob/${repository.defaultBranch}/${path}`,
    badge_url: `${html}/workflows/${fileOf(path)}/badge.svg`,
  };
}

type Yaml = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Yaml =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Takes what the file on that ref declares, and refuses what it does not. */
function dispatch(call: RepositoryCall): Reply {
  const { world, repository, body, actor } = call;
  const path = workflowNamed(call);
  const ref = requiredText(body, 'ref');
  const commit = findCommit(repository.git, ref);
  if (commit === undefined) throw unprocessable(`No ref found for: ${ref}`);
  const declared = dispatchInputs(commit, path);
  if (declared === null) throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  const inputs = optionalObject(body, 'inputs') ?? {};
  checkInputs(inputs, declared);
  repository.dispatches.push({ workflow: fileOf(path), ref, inputs, sender: actor, at: world.clock.now() });
  addWorkflowRun(world, repository, {
    workflow: fileOf(path),
    branch: ref.replace(/^refs\/heads\//, ''),
    sha: commit.sha,
    event: 'workflow_dispatch',
    actor,
    triggeringActor: actor,
    attempt: 1,
    environments: [],
    jobs: [],
  });
  return noContent();
}

/** The inputs of `on: workflow_dispatch`, or null where a workflow is not started so. */
function dispatchInputs(commit: Commit, path: string): Yaml | null {
  const blob = commit.tree.get(path);
  if (blob === undefined) throw notFound();
  const file: unknown = load(blob.bytes.toString());
  const on = isObject(file) ? (file['on'] ?? file['true']) : undefined;
  if (on === 'workflow_dispatch') return {};
  if (Array.isArray(on)) return on.includes('workflow_dispatch') ? {} : null;
  if (!isObject(on) || !('workflow_dispatch' in on)) return null;
  const trigger = on['workflow_dispatch'];
  const inputs = isObject(trigger) ? trigger['inputs'] : undefined;
  return isObject(inputs) ? inputs : {};
}

function checkInputs(inputs: Yaml, declared: Yaml): void {
  const unexpected = Object.keys(inputs).filter((name) => !(name in declared));
  if (unexpected.length > 0) throw unprocessable(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  for (const [name, definition] of Object.entries(declared)) {
    const isRequired = isObject(definition) && definition['required'] === true && definition['default'] === undefined;
    if (isRequired && inputs[name] === undefined) throw unprocessable(`Required input '${name}' not provided`);
  }
}
