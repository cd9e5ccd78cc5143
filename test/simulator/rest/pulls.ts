import { findCommit } from '../state/git.ts';
import { compareCommits } from '../state/history.ts';
import type { PullRequest } from '../state/model.ts';
import { page } from './paging.ts';
import { notFound } from './problem.ts';
import { inRepository, numberParam, ok, type Reply, type RepositoryCall, type Route } from './route.ts';
import { changedFiles, commitData } from './shapes/commits.ts';
import { fullPullRequest, reviewData, simplePullRequest } from './shapes/pull-requests.ts';

const ALL = '/repos/{owner}/{repo}/pulls';
const ONE = `${ALL}/{pull_number}`;
const READ = 'pull_requests:read';

/** https://docs.github.com/rest/pulls/pulls */
export const pullRoutes: readonly Route[] = [
  inRepository(`GET ${ALL}`, READ, list),
  inRepository(`GET ${ONE}`, READ, (call) => ok(fullPullRequest(named(call), call.at))),
  inRepository(`GET ${ONE}/commits`, READ, (call) =>
    page(call, commitsOf(call), (items) => items.map((commit) => commitData(call.repository, commit, call.at))),
  ),
  inRepository(`GET ${ONE}/files`, READ, (call) => {
    const pull = named(call);
    const head = findCommit(call.repository.git, pull.headSha);
    const base = findCommit(call.repository.git, pull.baseSha);
    const from = head && base && compareCommits(base, head).mergeBase;
    return page(call, head ? changedFiles(call.repository, call.at, { base: from, head }) : [], (items) => items);
  }),
  inRepository(`GET ${ONE}/reviews`, READ, (call) =>
    page(call, named(call).reviews, (items) => items.map((review) => reviewData(review, call.at))),
  ),
];

function named(call: RepositoryCall): PullRequest {
  const pull = call.repository.pullRequests[numberParam(call, 'pull_number') - 1];
  if (pull === undefined) throw notFound();
  return pull;
}

/** GitHub gives 250 commits at most. */
function commitsOf(call: RepositoryCall) {
  return named(call)
    .commits.slice(0, 250)
    .flatMap((sha) => findCommit(call.repository.git, sha) ?? []);
}

/** Open ones, newest first, unless told otherwise. `head` is `owner:branch`; without an owner GitHub ignores it. */
function list(call: RepositoryCall): Reply {
  const { query, repository } = call;
  const state = query.get('state') ?? 'open';
  const head = query.get('head')?.includes(':') === true ? query.get('head') : null;
  const base = query.get('base');
  const found = repository.pullRequests.filter(
    (pull) =>
      (state === 'all' || pull.state === state) &&
      (head === null || `${pull.headOwner.login}:${pull.headBranch}` === head) &&
      (base === null || pull.baseBranch === base),
  );
  const key = (pull: PullRequest) => (query.get('sort') === 'updated' ? pull.updatedAt.getTime() : pull.number);
  const ascending = (query.get('direction') ?? (query.get('sort') === null ? 'desc' : 'asc')) === 'asc';
  found.sort((a, b) => (ascending ? 1 : -1) * (key(a) - key(b) || a.number - b.number));
  return page(call, found, (items) => items.map((pull) => simplePullRequest(pull, call.at)));
}
