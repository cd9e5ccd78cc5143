import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { installationClient, type Client } from './client.ts';
import { startSimulator, type FaultAction, type RepositoryHandle, type Simulator } from './index.ts';

let github: Simulator;
let shop: RepositoryHandle;
let client: Client;

beforeAll(async () => {
  github = await startSimulator({ enforceSecondaryLimits: true });
});
beforeEach(async () => {
  shop = github.addRepository({ owner: `acme-${github.world.repositories.size}`, name: 'shop' });
  client = await installationClient(github, github.install({ owner: shop.owner }).id);
});
afterEach(() => {
  github.faults.clear();
});
afterAll(() => github.stop());

const CREATE = 'POST /repos/{owner}/{repo}/deployments';
const create = () =>
  client.send('POST', `/repos/${shop.fullName}/deployments`, { ref: 'main', environment: 'qa' }).then(
    ({ status }) => status,
    () => 'lost',
  );

describe('a fault on a write', () => {
  const cases: readonly (readonly [FaultAction, number | string, number])[] = [
    ['500', 500, 0],
    ['502', 502, 0],
    ['503', 503, 0],
    ['401', 401, 0],
    ['404', 404, 0],
    ['403-permission', 403, 0],
    ['secondary-limit', 403, 0],
    ['drop-before', 'lost', 0],
    ['drop-after-apply', 'lost', 1],
    ['cut-body', 'lost', 1],
    ['delay', 201, 1],
  ];
  test.each(cases)('%s is answered %s and leaves %i applied', async (action, answer, applied) => {
    github.faults.add({ match: CREATE, action });
    expect(await create()).toBe(answer);
    expect(shop.deployments()).toHaveLength(applied);
    expect(await create()).toBe(201);
  });

  test('strikes as often as it is told, and can be taken away', async () => {
    github.faults.add({ match: CREATE, action: '500', times: 2 });
    const remove = github.faults.add({ match: CREATE, action: '502', times: 9 });
    expect([await create(), await create(), await create()]).toEqual([500, 500, 502]);
    remove();
    expect(await create()).toBe(201);
  });
});

test('random faults of one seed strike the same requests', async () => {
  const play = async () => {
    const remove = github.faults.random({ seed: 7, rate: 0.5, actions: ['500', '503'], match: CREATE });
    const answers = [];
    for (let index = 0; index < 12; index += 1) answers.push(await create());
    remove();
    return answers;
  };
  const first = await play();
  expect(await play()).toEqual(first);
  expect(new Set(first)).toEqual(new Set([201, 500, 503]));
});

test('a primary limit that is used up stays so until its hour is over', async () => {
  let wall = Date.now();
  const other = await startSimulator({ rateLimit: 2, wall: () => wall });
  try {
    const repository = other.addRepository({ owner: 'acme', name: 'shop' });
    const token = (await installationClient(other, other.install({ owner: 'acme' }).id)).token;
    const get = () =>
      fetch(`${other.url}/repos/${repository.fullName}`, { headers: { authorization: `Bearer ${token}` } });
    const answers = [await get(), await get(), await get()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 403]);
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['1', '0', '0']);
    wall += 3_599_000;
    expect((await get()).status).toBe(403);
  } finally {
    await other.stop();
  }
});

test('in GraphQL a primary limit is an answer of 200 that has a problem', async () => {
  github.faults.add({ match: 'Look', action: 'primary-limit' });
  for (let times = 0; times < 2; times += 1) {
    const { status, headers, body } = await client.graphql('query Look { viewer { login } }');
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
    expect(body['errors']).toMatchObject([{ type: 'RATE_LIMITED' }]);
  }
  expect((await client.get(`/repos/${shop.fullName}`)).status).toBe(200);
});

test('more than 80 writes a minute are a secondary limit, recorded and refused', async () => {
  const answers = [];
  for (let index = 0; index < 81; index += 1) answers.push(await create());
  expect(answers.slice(0, 80).every((status) => status === 201)).toBe(true);
  expect(answers[80]).toBe(403);
  expect(github.breaches.at(-1)).toMatchObject({ limit: 'content-a-minute', value: 81 });
});

test('the log of requests knows routes, writes and what they cost', async () => {
  github.requests.reset();
  await create();
  await client.get(`/repos/${shop.fullName}/deployments`);
  await client.graphql('query Look { viewer { login } }');
  expect(github.requests.list().map(({ route, operation, write, cost }) => [route, operation, write, cost])).toEqual([
    [CREATE, null, true, 1],
    ['GET /repos/{owner}/{repo}/deployments', null, false, 1],
    ['POST /graphql', 'Look', false, 1],
  ]);
  expect(github.requests.count({ write: true })).toBe(1);
});

test('what is not simulated says so', async () => {
  const { status, body } = await client.get('/gists');
  expect([status, body['message']]).toEqual([501, 'not simulated: GET /gists']);
});
