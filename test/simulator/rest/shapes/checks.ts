import { timestamp } from '../../clock.ts';
import { suiteState } from '../../state/checks.ts';
import { findCommit } from '../../state/git.ts';
import type { CheckRun, CheckSuite, PullRequest } from '../../state/model.ts';
import { fullNameOf } from '../../state/repositories.ts';
import type { Addresses } from '../route.ts';
import { integration } from './accounts.ts';
import type { Data } from './data.ts';
import { listedRepository, repositoryUrl } from './repository.ts';

type RunData = Data<'GET /repos/{owner}/{repo}/check-runs/{check_run_id}'>;
type SuiteData = Data<'GET /repos/{owner}/{repo}/check-suites/{check_suite_id}'>;
type MinimalPull = NonNullable<SuiteData['pull_requests']>[number];

/** Open pull requests whose head is that commit, in short. */
function pullsAt(of: CheckRun | CheckSuite, at: Addresses): MinimalPull[] {
  const { repository, sha } = of;
  const side = (pull: PullRequest, branch: string, head: string) => {
    const { id, name } = pull.repository;
    return { ref: branch, sha: head, repo: { id, url: repositoryUrl(pull.repository, at), name } };
  };
  return repository.pullRequests
    .filter((pull) => pull.state === 'open' && pull.headSha === sha && pull.headRepository === repository)
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${repositoryUrl(repository, at)}/pulls/${pull.number}`,
      head: side(pull, pull.headBranch, pull.headSha),
      base: side(pull, pull.baseBranch, pull.baseSha),
    }));
}

export function checkRunData(run: CheckRun, at: Addresses): RunData {
  const url = `${repositoryUrl(run.repository, at)}/check-runs/${run.id}`;
  const html = `${at.html}/${fullNameOf(run.repository)}/runs/${run.id}`;
  return {
    id: run.id,
    head_sha: run.sha,
    node_id: run.nodeId,
    external_id: run.externalId,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion as RunData['conclusion'],
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: { id: run.suite.id },
    app: integration(run.app, at),
    pull_requests: pullsAt(run, at),
  };
}

export function checkSuiteData(suite: CheckSuite, at: Addresses): SuiteData {
  const { repository, sha } = suite;
  const url = `${repositoryUrl(repository, at)}/check-suites/${suite.id}`;
  const commit = findCommit(repository.git, sha);
  const { status, conclusion } = suiteState(suite);
  return {
    id: suite.id,
    node_id: suite.nodeId,
    head_branch: suite.branch,
    head_sha: sha,
    status,
    conclusion: conclusion,
    url,
    before: commit?.parents[0]?.sha ?? null,
    after: sha,
    pull_requests: pullsAt(suite, at),
    app: integration(suite.app, at),
    repository: listedRepository(repository, at) as SuiteData['repository'],
    created_at: timestamp(suite.createdAt),
    updated_at: timestamp(suite.updatedAt),
    head_commit: {
      id: sha,
      tree_id: commit?.treeSha ?? sha,
      message: commit?.message ?? '',
      timestamp: timestamp(commit?.committer.date ?? suite.createdAt),
      author: { name: commit?.author.name ?? '', email: commit?.author.email ?? '' },
      committer: { name: commit?.committer.name ?? '', email: commit?.committer.email ?? '' },
    },
    latest_check_runs_count: suite.runs.length,
    check_runs_url: `${url}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  };
}
