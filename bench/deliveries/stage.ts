import { startSimulator, type DeploymentHandle, type Simulator } from '../../test/simulator/index.ts';
import { signedDelivery, type Delivery } from '../load/deliveries.ts';

/** How many places there are, and how often something happens in each. */
export interface StageSize {
  readonly installations: number;
  /** Of each installation. */
  readonly repositories: number;
  /** Of each repository. */
  readonly environments: number;
  /** Statuses that are told of, of each environment. */
  readonly statuses: number;
  /** Environments of each installation in which the newest success supersedes another deployment. */
  readonly superseded: number;
}

/** A GitHub on which much has happened, and the deliveries that tell of it. */
export interface Stage {
  readonly github: Simulator;
  /** In the order in which it happened. */
  readonly told: readonly ToldOf[];
  /** What is to be inactive at the end, and nothing else. */
  readonly superseded: readonly DeploymentHandle[];
  readonly kept: readonly DeploymentHandle[];
}

export interface ToldOf {
  /** Of which job: `owner/name environment`. */
  readonly place: string;
  readonly delivery: Delivery;
}

const POLICY = JSON.stringify({
  version: 1,
  environments: [{ name: 'review/*', lifecycle: { transient: true, one_active_per: 'environment' } }],
});

const LATENCY = 50;
/** GitHub's for an organization of so many repositories. */
const AN_HOUR = 12_500;
const MINUTE = 60_000;
/** Environments of different names. */
const NAMES = 1000;
const STATES = ['queued', 'in_progress', 'success'] as const;

/** Everything has happened before anybody is told. GitHub refuses what oversteps its secondary limits. */
export async function setStage(size: StageSize): Promise<Stage> {
  const github = await startSimulator({
    clock: new Date(Date.now() - 30 * MINUTE),
    latencyMs: LATENCY,
    rateLimit: AN_HOUR,
    enforceSecondaryLimits: true,
  });
  const told: ToldOf[] = [];
  const superseded: DeploymentHandle[] = [];
  const kept: DeploymentHandle[] = [];
  for (let i = 0; i < size.installations; i += 1) {
    const owner = `owner-${i}`;
    github.addOwner(owner);
    const names = Array.from({ length: size.repositories }, (_, j) => `shop-${j}`);
    const repositories = names.map((name) => github.addRepository({ owner, name }));
    for (const repository of repositories) repository.push({ files: { '.github/deployments.yml': POLICY } });
    github.install({ owner, repositories: 'all' });
    let left = size.superseded;
    for (let k = 0; k < size.environments; k += 1) {
      for (const [j, repository] of repositories.entries()) {
        const number = (i * size.repositories + j) * size.environments + k;
        const environment = `review/${number % NAMES}`;
        const make = (): DeploymentHandle => repository.createDeployment({ ref: 'main', environment, transient: true });
        if (left > 0) {
          left -= 1;
          const older = make();
          older.setStatus('success', { autoInactive: false });
          superseded.push(older);
        }
        const newer = make();
        kept.push(newer);
        github.deliverTo('nobody yet', { mode: 'hold' });
        for (let n = size.statuses; n > 0; n -= 1)
          newer.setStatus(STATES[Math.max(0, STATES.length - n)] ?? 'success', { autoInactive: false });
        github.deliverTo(null);
        for (const { id, event, body } of github.held.splice(0)) {
          const delivery = signedDelivery({ id, event, body: Buffer.from(body) }, github.app.webhookSecret);
          told.push({ place: placeOf(owner, names[j] ?? '', environment), delivery });
        }
        // What has been sent need not be kept.
        github.deliveries.length = 0;
      }
    }
  }
  github.clock.advance(10 * MINUTE);
  return { github, told, superseded, kept };
}

export function placeOf(owner: string, name: string, environment: string): string {
  return `${owner}/${name} ${environment}`;
}
