import { findCommit, type Commit } from '../state/git.ts';
import { compareCommits, walkHistory } from '../state/history.ts';
import { pullRequestsOf } from '../state/pull-requests.ts';
import { page } from './paging.ts';
import { HttpProblem, notFound, unprocessable } from './problem.ts';
import { inRepository, ok, textParam, type Reply, type RepositoryCall, type Route } from './route.ts';
import { changedFiles, commitData, fileData, folderData, fullCommit } from './shapes/commits.ts';
import { simplePullRequest } from './shapes/pull-requests.ts';
import { repositoryUrl } from './shapes/repository.ts';

const REPO = '/repos/{owner}/{repo}';

/** https://docs.github.com/rest/repos/contents and …/commits/commits */
export const contentRoutes: readonly Route[] = [
  inRepository(`GET ${REPO}/contents/{path}`, 'contents:read', contents),
  inRepository(`GET ${REPO}/commits`, 'contents:read', commits),
  inRepository(`GET ${REPO}/commits/{ref}`, 'contents:read', oneCommit),
  inRepository(`GET ${REPO}/commits/{commit_sha}/pulls`, 'pull_requests:read', (call) => {
    const { sha } = commitNamed(call, 'commit_sha');
    return page(call, pullRequestsOf(call.world, call.repository, sha), (items) =>
      items.map((pull) => simplePullRequest(pull, call.at)),
    );
  }),
  inRepository(`GET ${REPO}/compare/{basehead}`, 'contents:read', compare),
];

/** The commit that a parameter names. GitHub answers 422 where there is none. */
export function commitNamed(call: RepositoryCall, parameter: string): Commit {
  const name = textParam(call, parameter);
  const commit = findCommit(call.repository.git, name === 'HEAD' ? call.repository.defaultBranch : name);
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${name}`);
  return commit;
}

function contents(call: RepositoryCall): Reply {
  const { repository, at } = call;
  const ref = call.query.get('ref') ?? repository.defaultBranch;
  const commit = findCommit(repository.git, ref);
  if (commit === undefined) throw new HttpProblem(404, `No commit found for the ref ${ref}`);
  const path = textParam(call, 'path').replace(/\/$/, '');
  const blob = commit.tree.get(path);
  if (blob !== undefined) return ok(fileData(repository, at, { path, sha: blob.sha, bytes: blob.bytes, ref }));
  const prefix = path === '' ? '' : `${path}/`;
  const entries = folderData(repository, at, { commit, prefix, ref });
  if (entries.length === 0 && path !== '') throw notFound();
  return ok(entries);
}

function commits(call: RepositoryCall): Reply {
  const { repository, query } = call;
  const start = findCommit(repository.git, query.get('sha') ?? repository.defaultBranch);
  if (start === undefined) {
    if (repository.git.refs.size === 0) throw new HttpProblem(409, 'Git Repository is empty.');
    throw notFound();
  }
  const [since, until] = [query.get('since'), query.get('until')].map((text) =>
    text === null ? null : new Date(text),
  );
  const found = [...walkHistory(start, query.get('path') ?? undefined)].filter(
    ({ committer: { date } }) => (!since || date >= since) && (!until || date <= until),
  );
  return page(call, found, (items) => items.map((commit) => commitData(repository, commit, call.at)));
}

function oneCommit(call: RepositoryCall): Reply {
  return ok(fullCommit(call.repository, commitNamed(call, 'ref'), call.at));
}

/** 404 where one of the two is not there, also after GitHub has forgotten a commit. */
function compare(call: RepositoryCall): Reply {
  const { repository, at } = call;
  const [baseName = '', headName = ''] = textParam(call, 'basehead').split('...');
  const find = (name: string) => findCommit(repository.git, name.slice(name.lastIndexOf(':') + 1));
  const [base, head] = [find(baseName), find(headName)];
  if (base === undefined || head === undefined) throw notFound();
  const { ahead, behind, mergeBase } = compareCommits(base, head);
  if (mergeBase === undefined) {
    throw new HttpProblem(404, `No common ancestor between ${baseName} and ${headName}.`);
  }
  const url = `${repositoryUrl(repository, at)}/compare/${base.sha}...${head.sha}`;
  const html = `${at.html}/${repository.owner.login}/${repository.name}/compare/${base.sha}...${head.sha}`;
  const [ahead_by, behind_by] = [ahead.length, behind];
  const status =
    ahead_by === 0 && behind_by === 0
      ? 'identical'
      : behind_by === 0
        ? 'ahead'
        : ahead_by === 0
          ? 'behind'
          : 'diverged';
  return page(call, ahead, (items) => ({
    url,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: commitData(repository, base, at),
    merge_base_commit: commitData(repository, mergeBase, at),
    status,
    ahead_by,
    behind_by,
    total_commits: ahead_by,
    commits: items.map((commit) => commitData(repository, commit, at)),
    files: changedFiles(repository, at, { base: mergeBase, head }),
  }));
}
