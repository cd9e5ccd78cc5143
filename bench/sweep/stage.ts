import { startSimulator, type Simulator } from '../../test/simulator/index.ts';
import { createLogger } from '../../src/logging.ts';
import { startServer, type RunningServer } from '../../src/server.ts';
import { readSettings, type Settings } from '../../src/settings.ts';

/** Milliseconds that one of GitHub's seconds takes: waiting is as long as it is, and goes by faster. */
export const SECOND = 150;

/** What GitHub takes for an answer, in milliseconds of its own. */
const LATENCY = 200;

export const OWNER = 'acme';

const POLICY = JSON.stringify({
  version: 1,
  environments: [
    { name: 'production', protection: { wait_timer: 30, deployment_branch_policy: 'all' } },
    { name: 'staging', protection: { wait_timer: 0 } },
    {
      name: 'review/*',
      lifecycle: {
        one_active_per: 'pull_request',
        inactivate_on: ['pull_request_closed', 'ref_deleted'],
        inactivate_after: '14d',
        delete: { after: '30d', keep: 5 },
      },
    },
  ],
});

/** A GitHub that refuses what oversteps its secondary limits, with repositories of five environments each. */
export async function setFleet(repositories: number): Promise<Simulator> {
  const start = Date.now();
  const github = await startSimulator({
    clock: new Date(start - WEEK),
    enforceSecondaryLimits: true,
    limitsClock: () => start + ((Date.now() - start) * 1000) / SECOND,
    latencyMs: (LATENCY * SECOND) / 1000,
  });
  github.addOwner(OWNER);
  for (let i = 0; i < repositories; i += 1) {
    const repository = github.addRepository({ owner: OWNER, name: `r${i}` });
    repository.push({ files: { '.github/deployments.yml': POLICY } });
    repository.environment('production').protect({ waitTimer: 30 });
    repository.environment('staging');
    repository.createDeployment({ ref: 'main', environment: 'production', production: true }).setStatus('success');
    repository.createDeployment({ ref: 'main', environment: 'staging' }).setStatus('success');
    for (const feature of ['search', 'cart', 'login']) {
      repository.openPullRequest({ head: feature });
      const environment = `review/${feature}`;
      repository.createDeployment({ ref: feature, environment, transient: true }).setStatus('success');
    }
  }
  github.install({ owner: OWNER, repositories: 'all' });
  return github;
}

const WEEK = 7 * 86_400_000;

/** The real server, which nobody tells anything. */
export async function startFleetServer(github: Simulator, pacing: Settings['pacing']): Promise<RunningServer> {
  const environment = { HOST: '127.0.0.1', PORT: '0', SWEEP_INTERVAL: '0', LOG_LEVEL: 'error' };
  const settings = readSettings({ ...github.environment(), ...environment }, '/');
  const log = await createLogger(settings);
  return startServer({
    settings: { ...settings, pacing, spacing: pacing === 'none' ? 0 : SECOND },
    log,
    clock: () => github.clock.now().getTime(),
  });
}
