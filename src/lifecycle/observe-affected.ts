import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { notUnderstood, throwOnOutage } from '../policy/load.ts';
import { nodes, pullRequestEnvironmentsAnswer } from './answers.ts';
import { PULL_REQUEST_ENVIRONMENTS } from './documents.ts';

/** What happened to a pull request or a ref may concern the environments that were deployed to from it. */
export type Affecting =
  | { readonly kind: 'pull_request'; readonly number: number; readonly headRef: string | null }
  | { readonly kind: 'ref'; readonly ref: string };

const PER_PAGE = 100;
/** A ref that was deployed more often than this is looked at page by page no further: the sweep sees the rest. */
const MOST_PAGES = 10;

/**
 * The environments that a pull request or a ref was deployed to, as their deployments spell them, first and latest
 * environment both.
 * @throws GitHubError
 */
export async function observeAffected(
  github: GitHubReader,
  repository: RepositoryRef,
  subject: Affecting,
): Promise<ReadonlySet<string>> {
  if (subject.kind === 'ref') return deployedFrom(github, repository, subject.ref);
  const found = new Set<string>();
  for (const name of await deployedCommits(github, repository, subject.number)) found.add(name);
  // A test merge's commit is none of the pull request's own, and a branch may have been deployed before it had any.
  const refs = [`refs/pull/${subject.number}/merge`, ...(subject.headRef === null ? [] : [subject.headRef])];
  for (const ref of refs) {
    for (const name of await deployedFrom(github, repository, ref)) found.add(name);
  }
  return found;
}

async function deployedFrom(
  github: GitHubReader,
  { owner, name }: RepositoryRef,
  ref: string,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const place = { owner, repo: name, ref, per_page: PER_PAGE, page };
    const deployments = await github.get('GET /repos/{owner}/{repo}/deployments', place);
    for (const { environment, original_environment } of deployments) {
      found.add(environment);
      if (original_environment !== undefined) found.add(original_environment);
    }
    if (deployments.length < PER_PAGE) break;
  }
  return found;
}

async function deployedCommits(
  github: GitHubReader,
  { id, owner, name }: RepositoryRef,
  number: number,
): Promise<ReadonlySet<string>> {
  const { data, problems } = await github.query(PULL_REQUEST_ENVIRONMENTS, { owner, name, number });
  const parsed = pullRequestEnvironmentsAnswer.safeParse(data);
  if (!parsed.success) throw notUnderstood(PULL_REQUEST_ENVIRONMENTS.name);
  throwOnOutage(PULL_REQUEST_ENVIRONMENTS.name, problems);
  const answer = parsed.data.repository;
  if (answer?.databaseId !== id || answer.pullRequest === null) return new Set();
  const { commits, timelineItems } = answer.pullRequest;
  const deployed = [
    ...nodes(commits).map(({ commit }) => commit),
    ...nodes(timelineItems).flatMap(({ beforeCommit }) => nodes(beforeCommit?.history)),
  ];
  const names = deployed
    .flatMap(({ deployments }) => nodes(deployments))
    .flatMap(({ latestEnvironment, originalEnvironment }) => [latestEnvironment, originalEnvironment]);
  return new Set(names.filter((one) => one !== null));
}
