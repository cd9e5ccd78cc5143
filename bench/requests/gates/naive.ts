import { installationClient, textIn, type Client, type Json } from '../../../test/simulator/client.ts';
import { OWNER, REPOSITORY, setStage } from '../stage.ts';
import { arrangeNine, ask, CREATOR, DEPLOYERS, GATED, pass, policyOf, SOURCE } from './nine.ts';

const PLACE = `/repos/${OWNER}/${REPOSITORY}`;

/**
 * What an app without an idea of its costs asks to decide on a run: each gate reads for itself what it is about. And what it
 * writes when it looks again: its check run and its report, whatever they said before.
 */
export async function countNaivelyForGates(work: 'decision' | 'again'): Promise<number> {
  const stage = await setStage(policyOf(1));
  const { github } = stage;
  try {
    const { sha } = arrangeNine(stage, 1);
    pass(stage, sha);
    const run = ask(stage, sha);
    const client = await installationClient(github, stage.installation);
    const asked = { client, sha, run: run.id };
    github.requests.reset();
    const passes = await decide(asked);
    if (!passes) throw new Error('The naive way does not come to the same decision');
    if (work === 'decision') return github.requests.count();
    const checkRun = await write(asked, null);
    github.requests.reset();
    await decide(asked);
    await write(asked, checkRun);
    return github.requests.writes().length;
  } finally {
    await github.stop();
  }
}

interface Asked {
  readonly client: Client;
  readonly sha: string;
  readonly run: number;
}

/** Gate by gate, in the order of the policy; the window alone needs nothing. */
async function decide({ client, sha, run }: Asked): Promise<boolean> {
  const isOnMain = textIn((await read(client, `${PLACE}/actions/runs/${run}`))['head_branch']) === 'main';
  const said = [
    isOnMain,
    await isDeployer(client),
    await isChecked(client, sha),
    await isApproved(client, sha),
    await hasSucceeded(client, sha),
    (await inProgress(client, sha)) < 1,
    await isLatest(client, sha),
    await isForward(client, sha),
  ];
  return said.every(Boolean);
}

async function isDeployer(client: Client): Promise<boolean> {
  const found = [];
  for (const team of DEPLOYERS) {
    const { status } = await client.get(`/orgs/${OWNER}/teams/${team}/memberships/${CREATOR}`);
    found.push(status === 200);
  }
  return found.includes(true);
}

async function isChecked(client: Client, sha: string): Promise<boolean> {
  const { check_runs: runs } = await read(client, `${PLACE}/commits/${sha}/check-runs?per_page=100`);
  await read(client, `${PLACE}/commits/${sha}/status`);
  return itemsOf(runs).some((one) => textIn(one['name']) === 'build' && textIn(one['conclusion']) === 'success');
}

async function isApproved(client: Client, sha: string): Promise<boolean> {
  let approvals = 0;
  for (const pull of itemsOf(await read(client, `${PLACE}/commits/${sha}/pulls`))) {
    for (const review of itemsOf(await read(client, `${PLACE}/pulls/${Number(pull['number'])}/reviews`))) {
      const { permission } = await read(
        client,
        `${PLACE}/collaborators/${textIn(review['user']?.['login'])}/permission`,
      );
      if (textIn(review['state']) === 'APPROVED' && textIn(permission) === 'write') approvals += 1;
    }
  }
  return approvals >= 1;
}

async function hasSucceeded(client: Client, sha: string): Promise<boolean> {
  const [newest] = itemsOf(await read(client, `${PLACE}/deployments?environment=${SOURCE}&sha=${sha}`));
  return newest !== undefined && (await stateOf(client, newest)) === 'success';
}

async function inProgress(client: Client, sha: string): Promise<number> {
  const states = await others(client, sha);
  return states.filter((state) => state === 'queued' || state === 'in_progress').length;
}

async function isLatest(client: Client, sha: string): Promise<boolean> {
  return !(await others(client, sha)).includes('waiting');
}

async function isForward(client: Client, sha: string): Promise<boolean> {
  for (const one of await deployments(client)) {
    if ((await stateOf(client, one)) !== 'success') continue;
    const { status } = await read(client, `${PLACE}/compare/${textIn(one['sha'])}...${sha}`);
    return textIn(status) === 'ahead';
  }
  return true;
}

/** The states of what other commits have deployed. */
async function others(client: Client, sha: string): Promise<readonly string[]> {
  const states = [];
  for (const one of await deployments(client)) if (textIn(one['sha']) !== sha) states.push(await stateOf(client, one));
  return states;
}

async function deployments(client: Client): Promise<readonly Json[]> {
  return itemsOf(await read(client, `${PLACE}/deployments?environment=${GATED}&per_page=100`));
}

async function stateOf(client: Client, deployment: Json): Promise<string> {
  const [latest] = itemsOf(await read(client, `${PLACE}/deployments/${Number(deployment['id'])}/statuses`));
  return latest === undefined ? 'pending' : textIn(latest['state']);
}

/** Resolves to the number of the check run. */
async function write({ client, sha, run }: Asked, existing: number | null): Promise<number> {
  const said = { name: `Naive / ${GATED}`, status: 'completed', conclusion: 'neutral' };
  const { body } = await (existing === null
    ? client.send('POST', `${PLACE}/check-runs`, { ...said, head_sha: sha })
    : client.send('PATCH', `${PLACE}/check-runs/${existing}`, said));
  const report = { environment_name: GATED, comment: 'It waits.' };
  const { status } = await client.send('POST', `${PLACE}/actions/runs/${run}/deployment_protection_rule`, report);
  if (status !== 204) throw new Error(`A report was answered with ${status}`);
  return Number(body['id']);
}

async function read(client: Client, path: string): Promise<Json> {
  const { status, body } = await client.get(path);
  if (status !== 200) throw new Error(`${path} was answered with ${status}`);
  return body;
}

function itemsOf(body: Json | undefined): readonly Json[] {
  return Array.isArray(body) ? (body as readonly Json[]) : [];
}
