import { environmentKey, type RepositoryRef } from '../github/ids.ts';
import { getAll } from '../github/pages.ts';
import { GitHubError, type GitHub } from '../github/port.ts';
import type { Outcome } from './apply.ts';
import { isFinal } from './final.ts';
import { createDeployment } from './apply-promotion.ts';
import type { GateChange, GateStatus, ProtectionRuleAnswer } from './gate-change.ts';

type Result = Outcome extends infer Each ? (Each extends Outcome ? Omit<Each, 'change'> : never) : never;

/**
 * Gives the answers of gates, and creates what is promoted, in the order given. Each at most once: where an answer of
 * GitHub's was lost, it is read whether the change was made, and what cannot be known is left to the next look.
 * @throws GitHubError where GitHub is unavailable or asks to wait; what was done until then was told.
 */
export async function applyGates(
  github: GitHub,
  repository: RepositoryRef,
  work: {
    readonly changes: readonly GateChange[];
    readonly outcome: (change: GateChange, outcome: Result) => void;
  },
): Promise<void> {
  for (const change of work.changes) work.outcome(change, await applyOne({ github, repository }, change));
}

interface Place {
  readonly github: GitHub;
  readonly repository: RepositoryRef;
}

async function applyOne(place: Place, change: GateChange): Promise<Result> {
  switch (change.kind) {
    case 'answer_protection_rule':
      return answerRun(place, change);
    case 'gate_status':
      return setStatus(place, change);
    case 'create_deployment':
      return createDeployment(place.github, place.repository, change);
  }
}

/**
 * GitHub says 422 or 404 where the run has been decided, cancelled or deleted: then there is nothing left to answer.
 * @see https://docs.github.com/en/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run
 */
async function answerRun({ github, repository }: Place, change: ProtectionRuleAnswer): Promise<Result> {
  const { run, environment, state, comment } = change;
  const place = { owner: repository.owner, repo: repository.name, run_id: run };
  try {
    const said = { environment_name: environment, comment };
    await github.send('POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule', {
      ...place,
      ...(state === null ? said : { ...said, state }),
    });
    return { result: 'applied' };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error.kind === 'not_found' || error.kind === 'refused') return { result: 'overtaken' };
    if (error.kind === 'forbidden') return { result: 'refused', detail: error.message };
    if (error.kind !== 'lost' || state === null) throw error;
    if (await stillWaits(github, { repository, change })) throw error;
    return { result: 'applied' };
  }
}

async function stillWaits(
  github: GitHub,
  { repository, change }: { readonly repository: RepositoryRef; readonly change: ProtectionRuleAnswer },
): Promise<boolean> {
  const pending = await github.get('GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments', {
    owner: repository.owner,
    repo: repository.name,
    run_id: change.run,
  });
  const key = environmentKey(change.environment);
  return pending.some(({ environment }) => environmentKey(environment.name ?? '') === key);
}

async function setStatus(place: Place, change: GateStatus): Promise<Result> {
  const { github, repository } = place;
  try {
    const said = await readSaid(place, change);
    if (said.others) return { result: 'overtaken' };
    const saysSo = change.state !== 'pending' || said.description === change.description;
    if (said.state === change.state && saysSo) return { result: 'already' };
    // Another process of this app's has had the last word.
    if (said.state !== null && said.state !== 'pending') return { result: 'overtaken' };
    await github.send('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
      owner: repository.owner,
      repo: repository.name,
      deployment_id: change.deployment.id,
      state: change.state,
      description: change.description,
      // Not `environment`: naming it would move the deployment.
      environment_url: said.environmentUrl,
      log_url: change.logUrl ?? '',
      auto_inactive: false,
    });
    return { result: 'applied' };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error.kind === 'not_found') return { result: 'overtaken' };
    if (isFinal(error)) return { result: 'refused', detail: error.message };
    if (error.kind !== 'lost' || (await readSaid(place, change)).state !== change.state) throw error;
    return { result: 'applied' };
  }
}

interface Said {
  readonly state: string | null;
  readonly description: string;
  readonly environmentUrl: string;
  /** Somebody else has set a status. */
  readonly others: boolean;
}

/** What has been said of a deployment so far; GitHub lists the newest first. */
async function readSaid({ github, repository }: Place, { deployment, own }: GateStatus): Promise<Said> {
  const statuses = await getAll(
    github,
    'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    { owner: repository.owner, repo: repository.name, deployment_id: deployment.id },
    { items: (data) => data },
  );
  const newest = [...statuses].sort((a, b) => Number(b.id) - Number(a.id))[0];
  const isOwn = (status: (typeof statuses)[number]): boolean =>
    status.performed_via_github_app?.id === own.appId ||
    (own.slug !== null && status.creator?.login === `${own.slug}[bot]`);
  return {
    state: newest?.state ?? null,
    description: newest?.description ?? '',
    environmentUrl: newest?.environment_url ?? '',
    others: !statuses.every(isOwn),
  };
}
