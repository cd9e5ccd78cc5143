import {
  startSimulator,
  type DeploymentHandle,
  type RepositoryHandle,
  type Simulator,
} from '../test/simulator/index.ts';
import { TEARDOWN } from './policies.ts';
import { moment } from './stage.ts';

/** Of the manual, each with a preview of its own. */
const CHAPTERS = 24;

/** A GitHub on which a team has worked for a while, without Lockkeeper. */
export async function startGitHub(): Promise<{ readonly github: Simulator; readonly shop: RepositoryHandle }> {
  const github = await startSimulator({ clock: moment('08:00', 30), firstDeploymentId: 1001 });
  github.addOwner('acme');
  const shop = github.addRepository({ owner: 'acme', name: 'shop' });
  const files = { '.github/workflows/teardown.yml': TEARDOWN, '.github/CODEOWNERS': '* @octocat\n' };
  shop.push({ files, message: 'Tear previews down' });

  github.clock.set(moment('10:00', 20));
  shop.openPullRequest({ head: 'dark-header', title: 'Try a darker header', author: 'mona' });
  preview(shop, { ref: 'dark-header', environment: 'review/pr-1' });
  const labels = ['keep-preview'];
  shop.openPullRequest({ head: 'checkout', title: 'Check out in two steps', author: 'hubot', labels });
  preview(shop, { ref: 'checkout', environment: 'review/pr-2' });

  github.clock.set(moment('15:00', 5));
  release(shop);
  github.clock.set(moment('11:00', 4));
  for (let chapter = 1; chapter <= CHAPTERS; chapter += 1) {
    const ref = `manual-${String(chapter).padStart(2, '0')}`;
    shop.push({ branch: ref, files: { [`manual/${ref}.md`]: '…\n' }, author: 'mona' });
    preview(shop, { ref, environment: 'manual' });
  }
  return { github, shop };
}

interface Preview {
  readonly ref: string;
  readonly environment: string;
}

/** A preview that is being built. */
export function build(shop: RepositoryHandle, { ref, environment }: Preview): DeploymentHandle {
  const deployment = shop.createDeployment({ ref, environment, transient: true, creator: 'builder[bot]' });
  deployment.setStatus('in_progress', { creator: 'builder[bot]' });
  return deployment;
}

/** The build is done, and its preview runs. */
export function finish(deployment: DeploymentHandle): void {
  const environmentUrl = `https://${deployment.environment.replaceAll('/', '-')}.shop.example`;
  deployment.setStatus('success', { environmentUrl, creator: 'builder[bot]' });
}

/** A preview that runs. */
export function preview(shop: RepositoryHandle, what: Preview): DeploymentHandle {
  const deployment = build(shop, what);
  finish(deployment);
  return deployment;
}

/** The default branch goes to production. */
export function release(shop: RepositoryHandle): DeploymentHandle {
  const deployment = shop.createDeployment({
    ref: 'main',
    environment: 'production',
    production: true,
    creator: 'builder[bot]',
  });
  deployment.setStatus('success', { environmentUrl: 'https://shop.example', creator: 'builder[bot]' });
  return deployment;
}

/** The newest deployment of an environment. */
export function newest(shop: RepositoryHandle, environment: string): DeploymentHandle {
  const found = shop.deployments(environment).at(-1);
  if (found === undefined) throw new Error(`Nothing was deployed to ${environment}`);
  return found;
}
