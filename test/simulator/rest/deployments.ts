import { addCommit, signatureFor } from '../state/commits.ts';
import { latestStatuses } from '../state/commit-statuses.ts';
import { addDeployment, addDeploymentStatus, deleteDeployment } from '../state/deployments.ts';
import { commitOf, findCommit, type Commit } from '../state/git.ts';
import { compareCommits } from '../state/history.ts';
import type { Deployment, Repository } from '../state/model.ts';
import { mergedTree } from '../state/merged-tree.ts';
import { updateRef } from '../state/refs.ts';
import { optionalChoice, optionalFlag, optionalText, optionalTexts, requiredText } from './input.ts';
import { page } from './paging.ts';
import { HttpProblem, invalidField, notFound, unprocessable } from './problem.ts';
import {
  created,
  inRepository,
  noContent,
  numberParam,
  ok,
  type Reply,
  type RepositoryCall,
  type Route,
} from './route.ts';
import { deploymentData, statusData } from './shapes/deployments.ts';

const ALL = '/repos/{owner}/{repo}/deployments';
const ONE = `${ALL}/{deployment_id}`;
const LONGEST_DESCRIPTION = 140;
/** `waiting` is Actions' own. */
const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'] as const;

/** https://docs.github.com/rest/deployments/deployments and …/statuses */
export const deploymentRoutes: readonly Route[] = [
  inRepository(`GET ${ALL}`, 'deployments:read', list),
  inRepository(`POST ${ALL}`, 'deployments:write', create),
  inRepository(`GET ${ONE}`, 'deployments:read', (call) => ok(deploymentData(named(call), call.at))),
  inRepository(`DELETE ${ONE}`, 'deployments:write', remove),
  inRepository(`GET ${ONE}/statuses`, 'deployments:read', (call) =>
    page(call, named(call).statuses.toReversed(), (items) => items.map((status) => statusData(status, call.at))),
  ),
  inRepository(`GET ${ONE}/statuses/{status_id}`, 'deployments:read', oneStatus),
  inRepository(`POST ${ONE}/statuses`, 'deployments:write', createStatus),
];

function named(call: RepositoryCall): Deployment {
  const deployment = call.repository.deployments.byId.get(numberParam(call, 'deployment_id'));
  if (deployment === undefined) throw notFound();
  return deployment;
}

/** Newest first. The environment is the latest one, matched as it is spelled. */
function list(call: RepositoryCall): Reply {
  const { deployments } = call.repository;
  const wanted = (name: string) => {
    const value = call.query.get(name);
    return value === null || value === 'none' || value === '' ? undefined : value;
  };
  const [environment, sha, ref, task] = [wanted('environment'), wanted('sha'), wanted('ref'), wanted('task')];
  const from =
    environment !== undefined
      ? (deployments.byEnvironment.get(environment) ?? [])
      : sha !== undefined
        ? (deployments.byCommit.get(sha) ?? [])
        : deployments.all;
  const matching = from.filter(
    (each) =>
      (sha === undefined || each.sha === sha) &&
      (ref === undefined || each.ref === ref) &&
      (task === undefined || each.task === task),
  );
  return page(call, matching.reverse(), (items) => items.map((each) => deploymentData(each, call.at)));
}

function create(call: RepositoryCall): Reply {
  const { world, repository, body, actor, viaApp } = call;
  const ref = requiredText(body, 'ref');
  const commit = findCommit(repository.git, ref);
  if (commit === undefined) throw unprocessable(`No ref found for: ${ref}`);
  const description = checkedDescription(body);
  const transient = optionalFlag(body, 'transient_environment');
  const production = optionalFlag(body, 'production_environment');
  const environment = optionalText(body, 'environment') ?? 'production';
  const task = optionalText(body, 'task') ?? 'deploy';
  const requiredContexts = optionalTexts(body, 'required_contexts');
  if (optionalFlag(body, 'auto_merge') ?? true) {
    const merged = autoMerge(call, { ref, commit });
    if (merged !== null) return merged;
  }
  requireContexts(repository, commit, requiredContexts);
  const deployment = addDeployment(world, repository, {
    sha: commit.sha,
    ref,
    environment,
    task,
    payload: payloadOf(body['payload']),
    description: description ?? '',
    transient,
    production,
    creator: actor,
    viaApp,
  });
  world.emit({ name: 'deployment', deployment, sender: actor });
  return created(deploymentData(deployment, call.at));
}

function payloadOf(payload: unknown): unknown {
  if (payload === undefined || payload === null || payload === '') return {};
  if (typeof payload === 'string' || typeof payload === 'object') return payload;
  throw unprocessable("Invalid request.\n\nFor 'properties/payload', it is not an object or a string.");
}

function checkedDescription(body: RepositoryCall['body']): string | undefined {
  const description = optionalText(body, 'description');
  if (description !== undefined && description.length > LONGEST_DESCRIPTION) {
    throw invalidField(
      'DeploymentStatus',
      'description',
      `description is too long (maximum is ${LONGEST_DESCRIPTION} characters)`,
    );
  }
  return description;
}

/** A branch that lacks commits of the default branch gets them first, and no deployment is made. */
function autoMerge(call: RepositoryCall, from: { readonly ref: string; readonly commit: Commit }): Reply | null {
  const { world, repository, actor } = call;
  const ref = `refs/heads/${from.ref.replace(/^refs\/heads\//, '')}`;
  const main = commitOf(repository.git, `refs/heads/${repository.defaultBranch}`);
  if (main === undefined || commitOf(repository.git, ref) !== from.commit) return null;
  if (compareCommits(main, from.commit).behind === 0) return null;
  const signature = signatureFor(world, actor);
  const commit = addCommit(world, repository, {
    parents: [from.commit, main],
    tree: mergedTree(from.commit, main),
    message: `Auto-merged ${repository.defaultBranch} into ${from.ref} on deployment.`,
    author: signature,
    committer: signature,
  });
  updateRef(world, repository, { ref, commit, sender: actor });
  return { status: 202, body: { message: commit.message } };
}

function requireContexts(repository: Repository, commit: Commit, wanted: readonly string[] | undefined): void {
  const statuses = new Map<string, string>();
  for (const status of latestStatuses(repository, commit.sha)) statuses.set(status.context, status.state);
  for (const run of repository.checkRunsByCommit.get(commit.sha) ?? []) {
    statuses.set(run.name, run.status === 'completed' ? (run.conclusion ?? 'pending') : 'pending');
  }
  const contexts = (wanted ?? [...statuses.keys()]).map((context) => ({
    context,
    state: statuses.get(context) ?? 'pending',
  }));
  const fine = ['success', 'neutral', 'skipped'];
  if (contexts.every(({ state }) => fine.includes(state))) return;
  throw new HttpProblem(409, `Conflict: Commit status checks failed for ${commit.sha}.`, {
    fields: { errors: [{ contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' }] },
  });
}

function remove(call: RepositoryCall): Reply {
  const problem = deleteDeployment(call.world, named(call));
  if (problem !== null) throw unprocessable(problem);
  return noContent();
}

function oneStatus(call: RepositoryCall): Reply {
  const id = numberParam(call, 'status_id');
  const status = named(call).statuses.find((each) => each.id === id);
  if (status === undefined) throw notFound();
  return ok(statusData(status, call.at));
}

function createStatus(call: RepositoryCall): Reply {
  const { world, body, actor, viaApp } = call;
  const deployment = named(call);
  requiredText(body, 'state');
  const state = optionalChoice(body, 'state', STATES);
  if (state === undefined) throw invalidField('DeploymentStatus', 'state');
  const status = addDeploymentStatus(world, deployment, {
    state,
    environment: optionalText(body, 'environment'),
    environmentUrl: checkedUrl(body, 'environment_url'),
    logUrl: checkedUrl(body, 'log_url') ?? checkedUrl(body, 'target_url'),
    description: checkedDescription(body),
    autoInactive: optionalFlag(body, 'auto_inactive'),
    creator: actor,
    viaApp,
  });
  if (state !== 'inactive') world.emit({ name: 'deployment_status', status, sender: actor });
  return created(statusData(status, call.at));
}

function checkedUrl(body: RepositoryCall['body'], field: string): string | undefined {
  const url = optionalText(body, field);
  if (url !== undefined && url !== '' && !/^https?:\/\//.test(url)) {
    throw invalidField('DeploymentStatus', field, `${field} must use http(s) scheme`);
  }
  return url;
}
