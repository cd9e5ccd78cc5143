import { installationClient } from '../../../test/simulator/client.ts';
import { OWNER, REPOSITORY, setStage } from '../stage.ts';
import { arrangeServices, CHANGED, policyOf, SERVICES } from './twenty.ts';

const PLACE = `/repos/${OWNER}/${REPOSITORY}/environments`;

/**
 * What an app without an idea of its costs asks to keep twenty environments as its policy says: each of them and its
 * rules, and the patterns of those that have some; and what it takes to set the reviewer of one. It reports nothing.
 */
export async function countNaivelyForProtection(work: 'look' | 'change'): Promise<number> {
  const stage = await setStage(policyOf('any branch'));
  const { github } = stage;
  try {
    arrangeServices(stage, 'any branch');
    const client = await installationClient(github, stage.installation);
    github.requests.reset();
    for (const name of SERVICES) {
      const { body } = await client.get(`${PLACE}/${name}`);
      await client.get(`${PLACE}/${name}/deployment_protection_rules`);
      const hasPatterns = Boolean(body['deployment_branch_policy']?.['custom_branch_policies']);
      if (hasPatterns) await client.get(`${PLACE}/${name}/deployment-branch-policies`);
    }
    if (work === 'change') {
      const { body } = await client.get(`/orgs/${OWNER}/teams/release`);
      const reviewers = [{ type: 'Team', id: Number(body['id']) }];
      const { status } = await client.send('PUT', `${PLACE}/service-${CHANGED}`, { wait_timer: 10, reviewers });
      if (status !== 200) throw new Error(`The environment was answered with ${status}`);
    }
    return github.requests.count();
  } finally {
    await github.stop();
  }
}
