import type { LoggedRequest } from '../../../test/simulator/index.ts';
import type { Variant } from '../../row.ts';
import { makeup } from '../makeup.ts';
import { listenTo, setStage, type Listening, type Stage } from '../stage.ts';
import { arrangeServices, CHANGED, policyOf, SERVICES, type Others } from './twenty.ts';

/** A piece of work about twenty environments. */
export interface Circumstances {
  readonly name: string;
  readonly others: Others;
  readonly work: Work;
}

export type Work =
  /** The first look of a process, by a sweep or because the policy was pushed; everything is as it says. */
  | { readonly kind: 'first look'; readonly by: 'sweep' | 'push'; readonly report: 'written before' | 'none' }
  /** One more sweep. What is measured is the rate limit that it spends. */
  | { readonly kind: 'second look' }
  | { readonly kind: 'change'; readonly process: 'cold' | 'warm'; readonly reviewer: string }
  /** Somebody has changed it on GitHub, and a sweep puts it back. */
  | { readonly kind: 'drift'; readonly process: 'cold' | 'warm' };

/**
 * Has the work done by the real server, and counts. Not counted are tokens, what reads the policy (whatever else rides
 * along), and the list of the installation's repositories, which is one for a hundred of them.
 */
export async function countForProtection({ name, others, work }: Circumstances): Promise<Variant> {
  const stage = await setStage(policyOf(others));
  const { github } = stage;
  try {
    const environments = arrangeServices(stage, others);
    if (work.kind !== 'first look' || work.report === 'written before')
      await listened(stage, (server) => server.sweep());
    const before = JSON.stringify(environments.map(({ protection }) => protection));
    await listened(stage, async (server) => {
      if (work.kind === 'second look' || ('process' in work && work.process === 'warm')) await server.sweep();
      github.requests.reset();
      await happen(stage, server, work);
    });
    verify(stage, { before, after: JSON.stringify(environments.map(({ protection }) => protection)), work });
    const counted = github.requests.list((one) => !isLeftOut(one));
    const measured = work.kind === 'second look' ? counted.reduce((sum, { cost }) => sum + cost, 0) : counted.length;
    return { name, measured, notes: makeup(counted) };
  } finally {
    await github.stop();
  }
}

async function listened(stage: Stage, work: (server: Listening) => Promise<void>): Promise<void> {
  const server = await listenTo(stage, 0);
  try {
    await work(server);
  } finally {
    await server.stop();
    stage.github.deliverTo(null);
  }
}

async function happen({ shop }: Stage, server: Listening, work: Work): Promise<void> {
  if (work.kind === 'drift') shop.environment(SERVICES[CHANGED] ?? '').protect({ reviewers: ['carol'] });
  if (work.kind === 'second look' || work.kind === 'drift' || (work.kind === 'first look' && work.by === 'sweep')) {
    await server.sweep();
    return;
  }
  const text =
    work.kind === 'change'
      ? policyOf('any branch', { all: 'sre', one: work.reviewer })
      : `${policyOf('any branch')}\n# As it was.\n`;
  shop.push({ files: { '.github/deployments.yml': text } });
  await server.settle();
}

/** What was not done would be cheap, and what should not have been, dear. */
function verify(
  { shop }: Stage,
  { before, after, work }: { readonly before: string; readonly after: string; readonly work: Work },
): void {
  const report = shop.checkRuns('main').find(({ name }) => name === 'Lockkeeper');
  if (report?.conclusion !== 'success') throw new Error(`The report says: ${report?.raw.output.summary ?? 'nothing'}`);
  if (work.kind !== 'change') {
    if (before !== after) throw new Error('Something was changed that was as it should be');
    return;
  }
  const { reviewer } = work;
  const wanted = reviewer.startsWith('@') ? `@acme/${reviewer.slice(1)}` : reviewer;
  const found = SERVICES.map((name) => shop.environment(name).protection.reviewers.join());
  if (found.some((one, i) => one !== (i === CHANGED ? wanted : '@acme/sre')))
    throw new Error(`It is: ${found.join(' ')}`);
}

/** What reads the policy, and the list of repositories. */
function isLeftOut({ body, operation, route }: LoggedRequest): boolean {
  if (operation === null) return route === 'GET /installation/repositories';
  return JSON.stringify(body).includes('.github/deployments.yml');
}
