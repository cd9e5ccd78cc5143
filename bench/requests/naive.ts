import { installationClient, textIn, type Client, type Json } from '../../test/simulator/client.ts';
import { expectEndings } from './measure.ts';
import type { Arranged, NaiveDeployment, Piece } from './piece.ts';
import { OWNER, REPOSITORY, setStage } from './stage.ts';

const PLACE = `/repos/${OWNER}/${REPOSITORY}`;
const POLICY = 'contents/.github/deployments.yml';

/**
 * What an app without an idea of its costs does about every delivery: it reads the policy, lists the environment's
 * deployments, reads the statuses of each, and writes one for each that is to end. Returns its requests.
 */
export async function countNaively(piece: Piece): Promise<number> {
  const stage = await setStage(piece.policy);
  const { github } = stage;
  try {
    const arranged = piece.arrange(stage);
    arranged.unheard?.();
    const verify = expectEndings(stage, arranged);
    const client = await installationClient(github, stage.installation);
    github.deliverTo('http://127.0.0.1:9', { mode: 'hold' });
    github.requests.reset();
    for (const happen of arranged.happenings) {
      const before = github.held.length;
      happen();
      for (let i = before; i < github.held.length; i += 1) await look(client, arranged);
    }
    verify();
    return github.requests.count();
  } finally {
    await github.stop();
  }
}

async function look(client: Client, { environment, endsNaively }: Arranged): Promise<void> {
  if (!(await hasPolicy(client))) return;
  const listed: Json[] = [];
  for (let page = 1; ; page += 1) {
    const query = `environment=${encodeURIComponent(environment)}&per_page=100&page=${page}`;
    const items = itemsOf((await client.get(`${PLACE}/deployments?${query}`)).body);
    listed.push(...items);
    if (items.length < 100) break;
  }
  const known: Omit<NaiveDeployment, 'isNewest'>[] = [];
  for (const one of listed) {
    const [latest] = itemsOf((await client.get(`${PLACE}/deployments/${Number(one['id'])}/statuses`)).body);
    const state = latest === undefined ? 'pending' : textIn(latest['state']);
    known.push({ id: Number(one['id']), ref: textIn(one['ref']), sha: textIn(one['sha']), state });
  }
  const active = known.filter(({ state }) => state === 'success');
  const newest = active[0]?.id;
  for (const one of active) {
    if (!endsNaively({ ...one, isNewest: one.id === newest })) continue;
    const { status } = await client.send('POST', `${PLACE}/deployments/${one.id}/statuses`, { state: 'inactive' });
    if (status !== 201) throw new Error(`A status was answered with ${status}`);
  }
}

async function hasPolicy(client: Client): Promise<boolean> {
  for (const place of [PLACE, `/repos/${OWNER}/.github`]) {
    const { status } = await client.get(`${place}/${POLICY}`);
    if (status === 200) return true;
    if (status !== 404) throw new Error(`The policy was answered with ${status}`);
  }
  return false;
}

function itemsOf(body: Json): readonly Json[] {
  return Array.isArray(body) ? (body as readonly Json[]) : [];
}
