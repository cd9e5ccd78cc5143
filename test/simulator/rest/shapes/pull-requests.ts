import { timestamp } from '../../clock.ts';
import type { Account, PullRequest, Repository, Review } from '../../state/model.ts';
import { fullNameOf } from '../../state/repositories.ts';
import type { Addresses } from '../route.ts';
import { simpleUser } from './accounts.ts';
import type { Data } from './data.ts';
import { listedRepository, repositoryUrl } from './repository.ts';

type Simple = Data<'GET /repos/{owner}/{repo}/pulls'>[number];
type Full = Data<'GET /repos/{owner}/{repo}/pulls/{pull_number}'>;
type ReviewData = Data<'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews'>[number];

const moment = (date: Date | null) => (date === null ? null : timestamp(date));

function side(
  at: Addresses,
  of: {
    readonly owner: Account;
    readonly repository: Repository | null;
    readonly branch: string;
    readonly sha: string;
  },
) {
  return {
    label: `${of.owner.login}:${of.branch}`,
    ref: of.branch,
    repo: of.repository === null ? null : listedRepository(of.repository, at),
    sha: of.sha,
    user: simpleUser(of.owner, at),
  };
}

/** A pull request as lists carry it. */
export function simplePullRequest(pull: PullRequest, at: Addresses): Simple {
  const { repository, number } = pull;
  const url = `${repositoryUrl(repository, at)}/pulls/${number}`;
  const issue = `${repositoryUrl(repository, at)}/issues/${number}`;
  const html = `${at.html}/${fullNameOf(repository)}/pull/${number}`;
  const head = { owner: pull.headOwner, repository: pull.headRepository, branch: pull.headBranch, sha: pull.headSha };
  const base = { owner: repository.owner, repository, branch: pull.baseBranch, sha: pull.baseSha };
  return {
    url,
    id: pull.id,
    node_id: pull.nodeId,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl(repository, at)}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: `${repositoryUrl(repository, at)}/statuses/${pull.headSha}`,
    number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: simpleUser(pull.author, at),
    body: pull.body === '' ? null : pull.body,
    labels: [...pull.labels].map((label) => ({
      id: label.id,
      node_id: label.nodeId,
      url: `${repositoryUrl(repository, at)}/labels/${encodeURIComponent(label.name)}`,
      name: label.name,
      description: '',
      color: 'ededed',
      default: false,
    })),
    milestone: null,
    created_at: timestamp(pull.createdAt),
    updated_at: timestamp(pull.updatedAt),
    closed_at: moment(pull.closedAt),
    merged_at: moment(pull.mergedAt),
    merge_commit_sha: pull.mergeCommit ?? repository.git.refs.get(`refs/pull/${number}/merge`) ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: side(at, head) as Simple['head'],
    base: side(at, base) as Simple['base'],
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${repositoryUrl(repository, at)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: `${repositoryUrl(repository, at)}/statuses/${pull.headSha}` },
    },
    author_association: 'MEMBER',
    auto_merge: null,
    active_lock_reason: null,
    draft: pull.draft,
  };
}

/** A pull request asked for by itself, as webhooks carry it too. */
export function fullPullRequest(pull: PullRequest, at: Addresses): Full {
  return {
    ...simplePullRequest(pull, at),
    merged: pull.mergedAt !== null,
    mergeable: pull.state === 'open' ? true : null,
    rebaseable: pull.state === 'open' ? true : null,
    mergeable_state: pull.state === 'open' ? 'clean' : 'unknown',
    merged_by: pull.mergedBy === null ? null : simpleUser(pull.mergedBy, at),
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pull.commits.length,
    additions: 1,
    deletions: 0,
    changed_files: 1,
  } as Full;
}

export function reviewData(review: Review, at: Addresses): ReviewData {
  const pull = review.pullRequest;
  const html = `${at.html}/${fullNameOf(pull.repository)}/pull/${pull.number}#pullrequestreview-${review.id}`;
  const url = `${repositoryUrl(pull.repository, at)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: review.nodeId,
    user: simpleUser(review.user, at),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    _links: { html: { href: html }, pull_request: { href: url } },
    submitted_at: timestamp(review.submittedAt),
    commit_id: review.sha,
    author_association: 'MEMBER',
  };
}
