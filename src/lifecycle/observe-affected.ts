import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { notUnderstood, throwOnOutage, type PolicyRide } from '../policy/load.ts';
import { nodes, whereaboutsAnswer, type WhereaboutsAnswer } from './answers.ts';
import { takeCreation, type CreationCache } from './observe-creation.ts';
import { takeNewest, type PullRequestIndexes } from './observe-pull-requests.ts';
import { WHEREABOUTS } from './pull-request-documents.ts';

/** What happened to a pull request or a ref may concern the environments that were deployed to from it. */
export type Affecting =
  | { readonly kind: 'pull_request'; readonly number: number; readonly headRef: string | null }
  | { readonly kind: 'ref'; readonly ref: string };

/** Where a repository was deployed to, as far as one request tells. Names are as GitHub spells them. */
export interface Whereabouts {
  /** What rode along of the policy. */
  readonly policy: PolicyRide;
  /** The environments that the pull request's commits were deployed to, first and latest environment both. */
  readonly deployedTo: readonly string[];
  /** All environments that there are; null where they are too many for one request, or may not be seen. */
  readonly environments: readonly string[] | null;
  /** How many deployments the repository has. */
  readonly deployments: number;
}

const PER_PAGE = 100;
/** A ref that was deployed more often than this is looked at page by page no further: the sweep sees the rest. */
const MOST_PAGES = 10;

/**
 * Reads with one request which environments there are, and which of them a pull request's commits were deployed to.
 * Null where nothing may be decided: the repository is gone, archived, or another one by now has its name.
 * @throws GitHubError
 */
export async function observeWhereabouts(
  github: GitHubReader,
  question: {
    readonly repository: RepositoryRef;
    readonly subject: Affecting;
    readonly withPolicyText: boolean;
    /** Kept up to date on the way where they are in use, and started where `startIndex` says so. */
    readonly indexes: PullRequestIndexes;
    readonly startIndex: boolean;
  },
): Promise<Whereabouts | null> {
  const { repository, subject, indexes } = question;
  const { owner, name } = repository;
  const ofPullRequest = subject.kind === 'pull_request';
  const { data, problems } = await github.query(WHEREABOUTS, {
    owner,
    name,
    ofPullRequest,
    number: ofPullRequest ? subject.number : 0,
    withPullRequests: indexes.get(repository.id)?.inUse === true || (question.startIndex && ofPullRequest),
    withPolicyText: question.withPolicyText,
  });
  const parsed = whereaboutsAnswer.safeParse(data);
  if (!parsed.success) throw notUnderstood(WHEREABOUTS.name);
  const answer = parsed.data.repository;
  if (answer === null || answer.isArchived || answer.databaseId !== repository.id) return null;
  throwOnOutage(WHEREABOUTS.name, problems);
  if (answer.pullRequests) takeNewest(indexes, repository, answer.pullRequests);
  const existing = parsed.data.surroundings?.environments;
  const names = nodes(existing).map((environment) => environment.name);
  return {
    policy: { answer: { ...parsed.data, repository: answer }, problems },
    deployedTo: deployedTo(answer.pullRequest),
    environments: names.length === existing?.totalCount ? names : null,
    deployments: answer.deployments.totalCount,
  };
}

/**
 * The environments that deployments of a pull request or a ref name it for, as spelled, first and latest environment
 * both. Of a pull request these are the ones that its commits do not tell: a test merge's commit is none of its own,
 * and a branch may have been deployed before it had any.
 * @throws GitHubError
 */
export async function observeDeployedFrom(
  github: GitHubReader,
  question: { readonly repository: RepositoryRef; readonly subject: Affecting; readonly creation: CreationCache },
): Promise<ReadonlySet<string>> {
  const { repository, subject, creation } = question;
  const found = new Set<string>();
  for (const ref of refsOf(subject)) {
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const place = { owner: repository.owner, repo: repository.name, ref, per_page: PER_PAGE, page };
      const deployments = await github.get('GET /repos/{owner}/{repo}/deployments', place);
      for (const deployment of deployments) {
        takeCreation(creation, repository, deployment);
        found.add(deployment.environment);
        if (deployment.original_environment !== undefined) found.add(deployment.original_environment);
      }
      if (deployments.length < PER_PAGE) break;
    }
  }
  return found;
}

function refsOf(subject: Affecting): readonly string[] {
  if (subject.kind === 'ref') return [subject.ref];
  const { number, headRef } = subject;
  return [`refs/pull/${number}/merge`, ...(headRef === null ? [] : [headRef])];
}

function deployedTo(pullRequest: WhereaboutsAnswer['pullRequest']): readonly string[] {
  if (!pullRequest) return [];
  const { commits, timelineItems } = pullRequest;
  const deployed = [
    ...nodes(commits).map(({ commit }) => commit),
    ...nodes(timelineItems).flatMap(({ beforeCommit }) => nodes(beforeCommit?.history)),
  ];
  const names = deployed
    .flatMap(({ deployments }) => nodes(deployments))
    .flatMap(({ latestEnvironment, originalEnvironment }) => [latestEnvironment, originalEnvironment]);
  return [...new Set(names.filter((name) => name !== null))];
}
