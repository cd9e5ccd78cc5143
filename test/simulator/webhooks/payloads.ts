import type { WorldEvent } from '../state/events.ts';
import type { CheckRun, Installation, Repository } from '../state/model.ts';
import { fullNameOf } from '../state/repositories.ts';
import { repositoriesOf } from '../state/installations.ts';
import type { World } from '../state/world.ts';
import { installationData } from '../rest/apps.ts';
import type { Addresses } from '../rest/route.ts';
import { simpleUser, webhookOrganization } from '../rest/shapes/accounts.ts';
import { checkRunData, checkSuiteData } from '../rest/shapes/checks.ts';
import { deploymentData, statusData } from '../rest/shapes/deployments.ts';
import { fullPullRequest, reviewData, simplePullRequest } from '../rest/shapes/pull-requests.ts';
import { listedRepository, repositoryUrl } from '../rest/shapes/repository.ts';
import { deployKeyBody, pushBody, refBody, statusBody } from './bodies.ts';
import { overTemplate } from './templates.ts';

type Payload = Readonly<Record<string, unknown>>;

/** What is said of one event, apart from who is told. Null for what GitHub does not tell. */
export function eventPayload(world: World, event: WorldEvent, at: Addresses): Payload {
  const repository = repositoryOf(event);
  const place =
    repository === null
      ? {}
      : {
          repository: listedRepository(repository, at),
          ...(repository.owner.kind === 'Organization'
            ? { organization: webhookOrganization(repository.owner, at) }
            : {}),
        };
  return overTemplate(event.name, { ...body(world, event, at), ...place, sender: simpleUser(event.sender, at) });
}

/** The repository that an event happened in; null for those that are about an installation. */
export function repositoryOf(event: WorldEvent): Repository | null {
  switch (event.name) {
    case 'deployment':
    case 'deployment_protection_rule':
      return event.deployment.repository;
    case 'deployment_status':
      return event.status.deployment.repository;
    case 'pull_request':
      return event.pullRequest.repository;
    case 'pull_request_review':
      return event.review.pullRequest.repository;
    case 'check_run':
      return event.checkRun.repository;
    case 'check_suite':
      return event.suite.repository;
    case 'push':
    case 'create':
    case 'delete':
    case 'status':
    case 'deploy_key':
    case 'repository':
      return event.repository;
    case 'installation':
    case 'installation_repositories':
      return null;
  }
}

function body(world: World, event: WorldEvent, at: Addresses): Payload {
  switch (event.name) {
    case 'deployment':
      return {
        action: 'created',
        deployment: deploymentData(event.deployment, at),
        workflow: null,
        workflow_run: event.run === undefined ? null : { id: event.run.id },
      };
    case 'deployment_status':
      return {
        action: 'created',
        deployment_status: statusData(event.status, at),
        deployment: deploymentData(event.status.deployment, at),
        workflow: null,
        workflow_run: null,
      };
    case 'deployment_protection_rule':
      return {
        action: 'requested',
        environment: event.environment,
        event: event.run.event,
        sha: event.run.sha,
        ref: `refs/heads/${event.run.branch}`,
        deployment_callback_url: `${repositoryUrl(event.deployment.repository, at)}/actions/runs/${event.run.id}/deployment_protection_rule`,
        deployment: deploymentData(event.deployment, at),
        pull_requests: event.deployment.repository.pullRequests
          .filter((pull) => pull.state === 'open' && pull.headSha === event.run.sha)
          .map((pull) => simplePullRequest(pull, at)),
      };
    case 'pull_request':
      return {
        action: event.action,
        number: event.pullRequest.number,
        pull_request: fullPullRequest(event.pullRequest, at),
        ...(event.label === undefined
          ? {}
          : {
              label:
                simplePullRequest(event.pullRequest, at).labels.find(({ id }) => id === event.label?.id) ??
                labelData(event.label),
            }),
        ...(event.before === undefined ? {} : { before: event.before, after: event.after }),
      };
    case 'pull_request_review':
      return {
        action: event.action,
        review: { ...reviewData(event.review, at), state: event.review.state.toLowerCase() },
        pull_request: simplePullRequest(event.review.pullRequest, at),
      };
    case 'push':
      return pushBody(event, at);
    case 'create':
      return { ...refBody(event), master_branch: event.repository.defaultBranch, description: null };
    case 'delete':
      return refBody(event);
    case 'status':
      return statusBody(event, at);
    case 'check_run':
      return {
        action: event.action,
        check_run: {
          ...checkRunData(event.checkRun, at),
          check_suite: checkSuiteData(event.checkRun.suite, at),
          ...deploymentOfJob(event.checkRun, at),
        },
        ...(event.identifier === undefined ? {} : { requested_action: { identifier: event.identifier } }),
      };
    case 'check_suite': {
      const { repository: _repository, ...suite } = checkSuiteData(event.suite, at);
      return { action: event.action, check_suite: suite };
    }
    case 'deploy_key':
      return { action: event.action, key: deployKeyBody(event.repository, event.key, at) };
    case 'repository':
      return { action: event.action, ...(event.changes === undefined ? {} : { changes: event.changes }) };
    case 'installation':
      return {
        action: event.action,
        installation: installationData(event.installation, { at, world }),
        repositories: repositoriesOf(world, event.installation).map(tinyRepository),
        requester: null,
      };
    case 'installation_repositories':
      return {
        action: event.action,
        installation: installationData(event.installation, { at, world }),
        repository_selection: selection(event.installation),
        repositories_added: event.action === 'added' ? event.repositories.map(tinyRepository) : [],
        repositories_removed: event.action === 'removed' ? event.repositories.map(tinyRepository) : [],
        requester: null,
      };
  }
}

/** A job that deploys says so. */
function deploymentOfJob(run: CheckRun, at: Addresses): Payload {
  const deployments = run.repository.workflowRuns.get(run.workflowRunId ?? 0)?.deployments ?? new Map<string, never>();
  const found = [...deployments].find(([name]) => run.name.toLowerCase() === `deploy (${name})`);
  return found === undefined ? {} : { deployment: deploymentData(found[1], at) };
}

const selection = (installation: Installation) => (installation.selected === null ? 'all' : 'selected');

function labelData(label: { readonly id: number; readonly nodeId: string; readonly name: string }): Payload {
  return { id: label.id, node_id: label.nodeId, name: label.name, color: 'ededed', default: false, description: null };
}

function tinyRepository(repository: Repository): Payload {
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: repository.name,
    full_name: fullNameOf(repository),
    private: repository.private,
  };
}
