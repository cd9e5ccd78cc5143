import type { RepositoryHandle, WorkflowRunHandle } from '../../../test/simulator/index.ts';
import type { Stage } from '../stage.ts';

/** The environment that is deployed to. */
export const GATED = 'production';
export const SOURCE = 'staging';
export const DEPLOYERS = ['deployers', 'sre'] as const;
/** Who is in `deployers`, and starts the run. */
export const CREATOR = 'alice';

/** All nine gates on each of so many environments, and one more that they wait for. */
export function policyOf(environments: number): string {
  const gates = [
    { ref: ['main', 'release/*'] },
    { creator: { teams: DEPLOYERS } },
    { checks: ['build', 'e2e / *'] },
    { pull_request: { base: 'main', merged: true, approvals: 1 } },
    { succeeded_in: { environment: SOURCE, for: '30m' } },
    { windows: ['always'] },
    { max_in_progress: 1 },
    { latest_only: true },
    { forward_only: { rollback_by: { teams: ['sre'] } } },
  ];
  return JSON.stringify({
    version: 1,
    environments: [
      // What becomes of deployments later is no matter of gates.
      ...gatedNames(environments).map((name) => ({ name, gates, lifecycle: { transient: false } })),
      { name: SOURCE, lifecycle: { transient: false } },
    ],
    windows: [{ name: 'always', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '00:00' }],
  });
}

function gatedNames(environments: number): readonly string[] {
  return [GATED, ...Array.from({ length: environments - 1 }, (_, i) => `production-${i + 2}`)];
}

/** Deployments to each environment that have been and gone, beside the one that is active. */
export const ENDED = 5;

/** A repository in which a merged commit has all that the gates ask for but the check `build`. */
export function arrangeNine({ github, shop }: Stage, environments: number): { readonly sha: string } {
  github.addTeam('acme', 'deployers', [CREATOR], { repositories: { shop: 'write' } });
  github.addTeam('acme', 'sre', ['carol'], { repositories: { shop: 'write' } });
  for (const login of [CREATOR, 'bob']) shop.addCollaborator(login, 'write');
  for (const name of [SOURCE, ...gatedNames(environments)]) deployBefore(shop, name);
  for (const name of gatedNames(environments)) shop.environment(name).protect({ rules: [github.app.slug] });
  const pull = shop.openPullRequest({ head: 'feature' });
  pull.review({ user: 'bob' });
  pull.merge();
  const { sha } = shop.head();
  for (const name of ['e2e / chrome', 'e2e / firefox']) shop.addCheckRun({ sha, name, conclusion: 'success' });
  shop.createDeployment({ ref: 'main', environment: SOURCE, creator: CREATOR }).setStatus('success');
  github.clock.advance(HOUR);
  return { sha };
}

const HOUR = 3_600_000;

function deployBefore(shop: RepositoryHandle, environment: string): void {
  const older = Array.from({ length: ENDED }, () => shop.createDeployment({ ref: 'main', environment }));
  for (const one of older) one.setStatus('inactive');
  shop.createDeployment({ ref: 'main', environment }).setStatus('success');
}

/** The last check that the gates wait for. */
export function pass({ shop }: Stage, sha: string): void {
  shop.addCheckRun({ sha, name: 'build', conclusion: 'success' });
}

/** Starts a run that deploys, and has the app asked. */
export function ask({ shop }: Stage, sha: string): WorkflowRunHandle {
  return shop.addWorkflowRun({ sha, environments: [GATED], actor: CREATOR });
}
