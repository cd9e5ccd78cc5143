import { timestamp } from '../clock.ts';
import { addCommitStatus, combinedState, latestStatuses } from '../state/commit-statuses.ts';
import type { CommitStatus } from '../state/model.ts';
import { commitNamed } from './contents.ts';
import { optionalChoice, optionalText, requiredText } from './input.ts';
import { page } from './paging.ts';
import { unprocessable } from './problem.ts';
import { created, inRepository, type Addresses, type Reply, type RepositoryCall, type Route } from './route.ts';
import { simpleUser } from './shapes/accounts.ts';
import type { Data } from './shapes/data.ts';
import { listedRepository, repositoryUrl } from './shapes/repository.ts';

const REPO = '/repos/{owner}/{repo}';
const STATES = ['error', 'failure', 'pending', 'success'] as const;

/** https://docs.github.com/rest/commits/statuses */
export const commitStatusRoutes: readonly Route[] = [
  inRepository(`GET ${REPO}/commits/{ref}/status`, 'statuses:read', combined),
  inRepository(`GET ${REPO}/commits/{ref}/statuses`, 'statuses:read', list),
  inRepository(`POST ${REPO}/statuses/{sha}`, 'statuses:write', create),
];

type StatusData = Data<'GET /repos/{owner}/{repo}/commits/{ref}/statuses'>[number];

function statusData(status: CommitStatus, at: Addresses): StatusData {
  return {
    url: `${repositoryUrl(status.repository, at)}/statuses/${status.sha}`,
    avatar_url: `${at.html}/avatars/u/${status.creator.id}?v=4`,
    id: status.id,
    node_id: status.nodeId,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
    creator: simpleUser(status.creator, at),
  };
}

function combined(call: RepositoryCall): Reply {
  const { repository, at } = call;
  const { sha } = commitNamed(call, 'ref');
  const statuses = latestStatuses(repository, sha);
  const url = repositoryUrl(repository, at);
  return page(call, statuses, (items) => ({
    state: combinedState(statuses),
    statuses: items.map((status) => {
      const { creator: _creator, ...simple } = statusData(status, at);
      return simple;
    }),
    sha,
    total_count: statuses.length,
    repository: listedRepository(repository, at),
    commit_url: `${url}/commits/${sha}`,
    url: `${url}/commits/${sha}/status`,
  }));
}

/** Newest first, all of every context. */
function list(call: RepositoryCall): Reply {
  const { sha } = commitNamed(call, 'ref');
  const all = (call.repository.commitStatuses.get(sha) ?? []).toReversed();
  return page(call, all, (items) => items.map((status) => statusData(status, call.at)));
}

function create(call: RepositoryCall): Reply {
  requiredText(call.body, 'state');
  const state = optionalChoice(call.body, 'state', STATES);
  if (state === undefined) throw unprocessable('Validation Failed');
  const status = addCommitStatus(call.world, call.repository, {
    sha: commitNamed(call, 'sha').sha,
    state,
    context: optionalText(call.body, 'context'),
    description: optionalText(call.body, 'description'),
    targetUrl: optionalText(call.body, 'target_url'),
    creator: call.actor,
  });
  return created(statusData(status, call.at));
}
