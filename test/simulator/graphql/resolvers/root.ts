import { timestamp } from '../../clock.ts';
import type { Account, Repository } from '../../state/model.ts';
import { findRepository } from '../../state/repositories.ts';
import type { Entity } from '../../state/world.ts';
import { seesRepository, viewer, type Context, type Fields, type RateView } from '../context.ts';
import { decodeNodeId, type CommitView, type RefView } from '../objects.ts';
import { problem, unresolvedNode } from '../problem.ts';

const MOST_IDS = 100;

export const queryFields: Fields<unknown> = {
  repository: (_source, args, context) => repository(String(args['owner']), String(args['name']), context),
  node: (_source, args, context) => node(String(args['id']), context),
  nodes: (_source, args, context) => nodes(args['ids'] as readonly string[], context),
  rateLimit: (_source, _args, context) => context.rate,
  viewer: (_source, _args, context) => viewer(context).actor,
  organization: (_source, args, context) => organization(String(args['login']), context),
};

function repository(owner: string, name: string, context: Context): Repository {
  const found = findRepository(context.world, owner, name);
  if (found !== undefined && seesRepository(context, found)) return found;
  throw problem('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
}

/** @throws NOT_FOUND where there is no such node or the token cannot see its repository. */
export function node(id: string, context: Context): Entity | CommitView | RefView {
  const { world } = context;
  const found = world.nodes.get(id) ?? decodeNodeId(world.repositories, id);
  if (found === null) throw unresolvedNode(id);
  const repository = repositoryOf(found);
  if (repository !== null && !seesRepository(context, repository)) throw unresolvedNode(id);
  return found;
}

function repositoryOf(entity: Entity | CommitView | RefView): Repository | null {
  switch (entity.kind) {
    case 'Repository':
      return entity;
    case 'DeploymentStatus':
      return entity.deployment.repository;
    case 'PullRequestReview':
    case 'HeadRefForcePushedEvent':
      return entity.pullRequest.repository;
    case 'User':
    case 'Organization':
    case 'Bot':
    case 'Team':
    case 'Label':
      return null;
    case 'Deployment':
    case 'Environment':
    case 'PullRequest':
    case 'CheckRun':
    case 'CheckSuite':
    case 'Commit':
    case 'Ref':
      return entity.repository;
  }
}

/** What cannot be had is null with a problem of its own; the rest is there. */
function nodes(ids: readonly string[], context: Context): unknown[] {
  if (ids.length > MOST_IDS) {
    throw problem('ARGUMENT_LIMIT', `You may not provide more than ${MOST_IDS} node ids; you provided ${ids.length}.`);
  }
  return ids.map((id) => {
    try {
      return node(id, context);
    } catch (error) {
      return error;
    }
  });
}

function organization(login: string, context: Context): Account {
  const found = context.world.accounts.get(login.toLowerCase());
  if (found?.kind === 'Organization') return found;
  throw problem('NOT_FOUND', `Could not resolve to an Organization with the login of '${login}'.`);
}

export const rateLimitFields: Fields<RateView> = {
  cost: (rate) => rate.cost,
  limit: (rate) => rate.limit,
  nodeCount: (rate) => rate.nodeCount,
  remaining: (rate) => rate.remaining,
  resetAt: (rate) => timestamp(rate.resetAt),
  used: (rate) => rate.used,
};
