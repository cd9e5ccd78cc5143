import type { LoggedRequest, WorkflowRunHandle } from '../../../test/simulator/index.ts';
import type { Variant } from '../../row.ts';
import { makeup } from '../makeup.ts';
import { listenTo, setStage, type Listening, type Stage } from '../stage.ts';
import { arrangeNine, ask, GATED, pass, policyOf } from './nine.ts';

/** A decision on a run that asks, with all nine gates. */
export interface Circumstances {
  readonly name: string;
  /** How many environments have the nine gates. */
  readonly environments: number;
  readonly process: 'cold' | 'warm';
  readonly work: Work;
}

export type Work =
  /** The run asks, and is decided on. */
  | { readonly kind: 'decision'; readonly says: 'approved' | 'waits' }
  /** It waits, and is looked at again to the same end. */
  | { readonly kind: 'again'; readonly because: 'a status' | 'a press' | 'a sweep' };

/**
 * Has the real server decide, and counts: of a decision, what it reads beside the policy; of a re-evaluation, what it writes.
 * Tokens are not counted.
 */
export async function countForGates({ name, environments, process, work }: Circumstances): Promise<Variant> {
  const stage = await setStage(policyOf(environments));
  const { github } = stage;
  try {
    const { sha } = arrangeNine(stage, environments);
    if (work.kind === 'decision' && work.says === 'approved') pass(stage, sha);
    const server = await listenTo(stage, 0);
    try {
      if (process === 'warm') await server.sweep();
      const counted = await (work.kind === 'decision'
        ? countDecision(stage, server, { sha, says: work.says })
        : countAgain(stage, server, { sha, because: work.because }));
      return { name, measured: counted.length, notes: makeup(counted) };
    } finally {
      await server.stop();
    }
  } finally {
    await github.stop();
  }
}

/** The delivery in which the run asks is the only one: what is told beside it is looked at by itself. */
async function countDecision(
  stage: Stage,
  server: Listening,
  { sha, says }: { readonly sha: string; readonly says: 'approved' | 'waits' },
): Promise<readonly LoggedRequest[]> {
  const { github } = stage;
  github.deliverTo(server.webhooks, { mode: 'hold' });
  const run = ask(stage, sha);
  const asks = github.held.filter(({ event }) => event === 'deployment_protection_rule');
  github.requests.reset();
  await github.release(asks);
  await server.settle();
  expectDecision(run, says);
  return github.requests.list((one) => !one.write && !readsPolicy(one));
}

async function countAgain(
  stage: Stage,
  server: Listening,
  { sha, because }: { readonly sha: string; readonly because: Extract<Work, { kind: 'again' }>['because'] },
): Promise<readonly LoggedRequest[]> {
  const { github, shop } = stage;
  const run = ask(stage, sha);
  await server.settle();
  expectDecision(run, 'waits');
  github.requests.reset();
  if (because === 'a status') shop.setCommitStatus({ sha, context: 'lint', state: 'success' });
  else if (because === 'a press') pressAgain(stage, sha);
  else await server.sweep();
  await server.settle();
  expectDecision(run, 'waits');
  if (github.requests.count({ operation: 'GateFacts' }) === 0) throw new Error('The gates were not looked at again');
  return github.requests.writes();
}

function pressAgain({ shop }: Stage, sha: string): void {
  const run = shop.checkRuns(sha).find(({ name }) => name === `Lockkeeper / ${GATED}`);
  if (run === undefined) throw new Error('There is no check run to press a button of');
  run.press('reevaluate', 'alice');
}

/** What was not asked would be cheap. */
function expectDecision({ reports }: WorkflowRunHandle, says: 'approved' | 'waits'): void {
  const told = reports.map(({ state, comment }) => `${state ?? 'waits'}: ${comment}`);
  const [only] = told;
  const isRight = told.length === 1 && only?.startsWith(`${says}: `) && (says === 'approved' || isBuildAlone(only));
  if (isRight !== true) throw new Error(`The run was told: ${told.join('; ')}`);
}

function isBuildAlone(comment: string): boolean {
  return comment.includes('checks_missing') && !/_(?:unreadable|unsatisfied|full|closed)/.test(comment);
}

/** What reads the policy, whatever else rides along. */
function readsPolicy({ body }: LoggedRequest): boolean {
  return JSON.stringify(body).includes('.github/deployments.yml');
}
