import { timestamp } from '../../clock.ts';
import { findCommit } from '../../state/git.ts';
import type { CheckRun, WorkflowRun } from '../../state/model.ts';
import { fullNameOf } from '../../state/repositories.ts';
import { workflowId } from '../../state/workflow-runs.ts';
import type { World } from '../../state/world.ts';
import type { Addresses } from '../route.ts';
import { simpleUser } from './accounts.ts';
import type { Data } from './data.ts';
import { listedRepository, repositoryUrl } from './repository.ts';

type RunData = Data<'GET /repos/{owner}/{repo}/actions/runs/{run_id}'>;
type JobData = Data<'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs'>['jobs'][number];

export function workflowRunData(world: World, run: WorkflowRun, at: Addresses): RunData {
  const { repository, suite } = run;
  const api = repositoryUrl(repository, at);
  const url = `${api}/actions/runs/${run.id}`;
  const workflow = workflowId(world, repository, run.workflow);
  const commit = findCommit(repository.git, run.sha);
  const listed = listedRepository(repository, at);
  return {
    id: run.id,
    name: run.workflow,
    node_id: run.nodeId,
    check_suite_id: suite.id,
    check_suite_node_id: suite.nodeId,
    head_branch: run.branch,
    head_sha: run.sha,
    path: `.github/workflows/${run.workflow}@${run.branch}`,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflow,
    url,
    html_url: `${at.html}/${fullNameOf(repository)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: timestamp(run.createdAt),
    updated_at: timestamp(run.updatedAt),
    actor: simpleUser(run.actor, at),
    triggering_actor: simpleUser(run.triggeringActor, at),
    run_started_at: timestamp(run.createdAt),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${suite.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${api}/actions/workflows/${workflow}`,
    display_title: commit?.message ?? run.workflow,
    head_commit: {
      id: run.sha,
      tree_id: commit?.treeSha ?? run.sha,
      message: commit?.message ?? '',
      timestamp: timestamp(commit?.committer.date ?? run.createdAt),
      author: { name: commit?.author.name ?? '', email: commit?.author.email ?? '' },
      committer: { name: commit?.committer.name ?? '', email: commit?.committer.email ?? '' },
    },
    repository: listed as RunData['repository'],
    head_repository: listed as RunData['head_repository'],
  };
}

export function jobData(run: WorkflowRun, check: CheckRun, at: Addresses): JobData {
  const api = repositoryUrl(run.repository, at);
  return {
    id: check.id,
    run_id: run.id,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: run.attempt,
    node_id: check.nodeId,
    head_sha: run.sha,
    url: `${api}/actions/jobs/${check.id}`,
    html_url: `${at.html}/${fullNameOf(run.repository)}/actions/runs/${run.id}/job/${check.id}`,
    status: check.status,
    conclusion: check.conclusion as JobData['conclusion'],
    created_at: check.startedAt ?? timestamp(run.createdAt),
    started_at: check.startedAt ?? timestamp(run.createdAt),
    completed_at: check.completedAt,
    name: check.name,
    steps: [],
    check_run_url: `${api}/check-runs/${check.id}`,
    labels: ['ubuntu-latest'],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
    workflow_name: run.workflow,
    head_branch: run.branch,
  };
}
