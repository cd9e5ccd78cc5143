import type { LRUCache } from 'lru-cache';
import type { DeploymentId, RepositoryRef } from '../github/ids.ts';
import type { GitHubReader, RouteData } from '../github/port.ts';
import { GitHubError } from '../github/port.ts';
import type { ListedDeployment } from './observe-listing.ts';

/**
 * What a deployment's creator said, which only REST tells and which never changes afterwards.
 * https://docs.github.com/rest/deployments/deployments#list-deployments
 */
export interface CreationFacts {
  readonly transient: boolean;
  readonly production: boolean;
  /** As given: GitHub resolves whatever git does. */
  readonly ref: string;
}

/** By repository id and deployment id. */
export type CreationCache = LRUCache<string, CreationFacts>;

const LIST = 'GET /repos/{owner}/{repo}/deployments';
const ONE = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}';
const PER_PAGE = 100;
/** Asking one by one is for the few that the lists did not have. */
const MOST_ONE_BY_ONE = 10;

/**
 * Reads what the creators of some deployments said, in as few requests as there can be: none for those that are known,
 * else pages of 100 of their environments' lists, or one by one where that is less. What could not be found is missing
 * in the answer.
 * @throws GitHubError
 */
export async function observeCreation(
  github: GitHubReader,
  question: {
    readonly repository: RepositoryRef;
    /** The listing they come from, newest first. */
    readonly listed: readonly ListedDeployment[];
    readonly wanted: readonly ListedDeployment[];
    /** The listing is of one environment: REST's list is filtered by its spelling. */
    readonly oneEnvironment: boolean;
    readonly cache: CreationCache;
  },
): Promise<ReadonlyMap<DeploymentId, CreationFacts>> {
  const { repository, cache } = question;
  const known = new Map<DeploymentId, CreationFacts>();
  const take = (deployment: RouteData<typeof ONE>): void => {
    takeCreation(cache, repository, deployment);
  };
  const missing = (): readonly ListedDeployment[] =>
    question.wanted.filter(({ id }) => !cache.has(`${repository.id}/${id}`));

  const lists = question.oneEnvironment ? [...new Set(missing().map(({ environment }) => environment))] : [null];
  for (const environment of lists) {
    const inList = question.listed.filter((one) => environment === null || one.environment === environment);
    const wantedHere = missing().filter((one) => environment === null || one.environment === environment);
    if (wantedHere.length === 0) continue;
    const wanted = new Set<number>(wantedHere.map(({ id }) => id));
    const pages = Math.ceil((1 + inList.findLastIndex(({ id }) => wanted.has(id))) / PER_PAGE);
    if (wanted.size < pages && wanted.size <= MOST_ONE_BY_ONE) continue;
    await readList(github, { repository, environment, wanted, take });
  }
  for (const { id } of missing().slice(0, MOST_ONE_BY_ONE)) {
    const one = await readOne(github, repository, id);
    if (one !== null) take(one);
  }
  for (const { id } of question.wanted) {
    const facts = cache.get(`${repository.id}/${id}`);
    if (facts !== undefined) known.set(id, facts);
  }
  return known;
}

/** Keeps what a deployment's creator said, whatever it was read for. */
export function takeCreation(cache: CreationCache, { id }: RepositoryRef, deployment: RouteData<typeof ONE>): void {
  cache.set(`${id}/${deployment.id}`, creationFacts(deployment));
}

async function readList(
  github: GitHubReader,
  question: {
    readonly repository: RepositoryRef;
    readonly environment: string | null;
    readonly wanted: Set<number>;
    readonly take: (deployment: RouteData<typeof ONE>) => void;
  },
): Promise<void> {
  const { repository, environment, wanted, take } = question;
  for (let page = 1; wanted.size > 0; page += 1) {
    const deployments = await github.get(LIST, {
      owner: repository.owner,
      repo: repository.name,
      per_page: PER_PAGE,
      page,
      ...(environment === null ? {} : { environment }),
    });
    for (const deployment of deployments) {
      take(deployment);
      wanted.delete(Number(deployment.id));
    }
    if (deployments.length < PER_PAGE) return;
  }
}

async function readOne(
  github: GitHubReader,
  { owner, name }: RepositoryRef,
  id: DeploymentId,
): Promise<RouteData<typeof ONE> | null> {
  try {
    return await github.get(ONE, { owner, repo: name, deployment_id: id });
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') return null;
    throw error;
  }
}

function creationFacts(deployment: RouteData<typeof ONE>): CreationFacts {
  return {
    transient: deployment.transient_environment === true,
    // What GitHub left out is not known to be harmless; its documentation's default is the environment `production`.
    production: deployment.production_environment ?? deployment.original_environment === 'production',
    ref: deployment.ref,
  };
}
