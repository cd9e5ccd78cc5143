import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { installationClient, type Client } from './client.ts';
import { startSimulator, type RepositoryHandle, type Simulator } from './index.ts';

let github: Simulator;
let shop: RepositoryHandle;
let client: Client;
let count = 0;

beforeAll(async () => {
  github = await startSimulator();
  client = await installationClient(github, github.install({ owner: 'acme' }).id);
});
beforeEach(() => {
  count += 1;
  shop = github.addRepository({ owner: 'acme', name: `shop-${count}` });
});
afterAll(() => github.stop());

const get = (rest: string) => client.get(`/repos/${shop.fullName}${rest}`);
const shas = (body: unknown) => (body as { sha: string }[]).map(({ sha }) => sha);

describe('history', () => {
  test('of a path has the commits that changed it, merges left out', async () => {
    const first = shop.push({ files: { 'policy.yml': 'one' } });
    shop.push({ files: { other: 'x' } });
    const pull = shop.openPullRequest({ head: 'feature' });
    const second = pull.push({ files: { 'policy.yml': 'two' } });
    github.clock.advance(1000);
    pull.merge();
    expect(shas((await get('/commits?path=policy.yml')).body)).toEqual([second.sha, first.sha]);
    expect((await get('/contents/policy.yml')).body).toMatchObject({
      encoding: 'base64',
      content: `${Buffer.from('two').toString('base64')}\n`,
    });
    const { body } = await client.graphql(`{ repository(owner: "acme", name: "${shop.name}") {
      object(expression: "HEAD:policy.yml") { ... on Blob { text isTruncated } }
      defaultBranchRef { target { ... on Commit { history(first: 1, path: "policy.yml") { nodes { oid } } } } } } }`);
    expect(body['data']?.['repository']).toEqual({
      object: { text: 'two', isTruncated: false },
      defaultBranchRef: { target: { history: { nodes: [{ oid: second.sha }] } } },
    });
  });

  const comparisons = [
    ['identical', 0, 0, () => [shop.head(), shop.head()]],
    ['ahead', 1, 0, () => [shop.head(), shop.push()]],
    ['behind', 0, 1, () => [shop.head(), shop.push()].reverse()],
    [
      'diverged',
      1,
      2,
      () => {
        const start = shop.head();
        shop.push();
        return [shop.push(), shop.push({ branch: 'side', parents: [start.sha] })];
      },
    ],
  ] as const;
  test.each(comparisons)(
    'compares two commits: %s, %i ahead and %i behind',
    async (status, ahead_by, behind_by, make) => {
      const [base, head] = make();
      expect((await get(`/compare/${base?.sha ?? ''}...${head?.sha ?? ''}`)).body).toMatchObject({
        status,
        ahead_by,
        behind_by,
      });
    },
  );

  test('forgets a commit that GitHub no longer finds', async () => {
    const gone = shop.push({ branch: 'side' });
    shop.deleteBranch('side');
    expect((await get(`/commits/${gone.sha}`)).status).toBe(200);
    shop.removeCommit(gone.sha);
    expect((await get(`/commits/${gone.sha}`)).status).toBe(422);
    expect((await get(`/compare/${gone.sha}...main`)).status).toBe(404);
  });
});

describe('refs', () => {
  test('are found by their exact names, with slashes as they are or escaped', async () => {
    shop.branch('release/1.0');
    shop.protectBranch('release/1.0');
    shop.tag('v1');
    expect((await get('/branches/release/1.0')).body).toMatchObject({ name: 'release/1.0', protected: true });
    expect((await get('/branches/release%2F1.0')).status).toBe(200);
    expect((await get('/git/ref/heads/release/1.0')).body['ref']).toBe('refs/heads/release/1.0');
    expect((await get('/git/ref/heads/release')).status).toBe(404);
    expect((await get('/git/ref/tags/v1')).status).toBe(200);
  });

  test('of a pull request stay after its branch is gone, and deleting the branch closes it', async () => {
    const pull = shop.openPullRequest({ head: 'feature' });
    shop.deleteBranch('feature');
    expect(pull.state).toBe('closed');
    expect((await get('/git/ref/pull/1/head')).body['object']?.['sha']).toBe(pull.headSha);
  });
});

describe('checks', () => {
  const run = { name: 'Lockkeeper', head_sha: '', status: 'completed', conclusion: 'neutral' };
  const create = (more: object) =>
    client.send('POST', `/repos/${shop.fullName}/check-runs`, { ...run, head_sha: shop.head().sha, ...more });

  test('list the newest run of each app and name', async () => {
    shop.addCheckRun({ name: 'build', conclusion: 'failure' });
    shop.addCheckRun({ name: 'build', conclusion: 'success' });
    shop.addCheckRun({ name: 'build', app: 'other', status: 'in_progress' });
    const { body } = await get('/commits/main/check-runs');
    expect(
      (body['check_runs'] as unknown as { conclusion: string | null }[]).map(({ conclusion }) => conclusion),
    ).toEqual([null, 'success']);
    expect((await get('/commits/main/check-runs?filter=all')).body['total_count']).toBe(3);
  });

  const refused = [
    ['more than 65,535 characters', { output: { title: 'x', summary: 'x'.repeat(65_536) } }],
    [
      'more than 50 annotations',
      { output: { title: 'x', summary: 'x', annotations: Array.from({ length: 51 }, () => ({})) } },
    ],
    [
      'more than three buttons',
      { actions: Array.from({ length: 4 }, () => ({ label: 'a', description: 'b', identifier: 'c' })) },
    ],
    ['a long label', { actions: [{ label: 'a'.repeat(21), description: 'b', identifier: 'c' }] }],
    ['no conclusion', { conclusion: undefined }],
    ['a commit that is not there', { head_sha: 'f'.repeat(40) }],
  ] as const;
  test.each(refused)('refuse a run with %s', async (_name, more) => {
    expect((await create(more)).status).toBe(422);
    expect(shop.checkRuns()).toEqual([]);
  });

  test('are changed by the app that made them, and by no other', async () => {
    const mine = await create({ actions: [{ label: 'Bypass', description: 'Lets it through', identifier: 'bypass' }] });
    const theirs = shop.addCheckRun({ name: 'build', status: 'in_progress' });
    const patch = (id: unknown) =>
      client.send('PATCH', `/repos/${shop.fullName}/check-runs/${String(id)}`, { conclusion: 'success' });
    expect([(await patch(mine.body['id'])).status, (await patch(theirs.id)).status]).toEqual([200, 403]);
    github.deliverTo('http://127.0.0.1:1/', { mode: 'hold' });
    shop.checkRuns()[0]?.press('bypass', 'alice');
    github.deliverTo(null);
    expect(github.held.at(-1)?.payload).toMatchObject({
      action: 'requested_action',
      requested_action: { identifier: 'bypass' },
      sender: { login: 'alice' },
    });
  });

  test('and statuses are in GraphQL too', async () => {
    shop.addCheckRun({ name: 'build', conclusion: 'success' });
    shop.setCommitStatus({ context: 'lint', state: 'pending' });
    const { body } =
      await client.graphql(`{ repository(owner: "acme", name: "${shop.name}") { object(expression: "main") { ... on Commit {
      checkSuites(first: 5) { nodes { app { slug } checkRuns(first: 5) { nodes { name conclusion } } } }
      status { state contexts { context state } }
      statusCheckRollup { state contexts(first: 5) { nodes { __typename } } } } } } }`);
    expect(body['data']?.['repository']?.['object']).toEqual({
      checkSuites: {
        nodes: [{ app: { slug: 'ci' }, checkRuns: { nodes: [{ name: 'build', conclusion: 'SUCCESS' }] } }],
      },
      status: { state: 'PENDING', contexts: [{ context: 'lint', state: 'PENDING' }] },
      statusCheckRollup: {
        state: 'PENDING',
        contexts: { nodes: [{ __typename: 'CheckRun' }, { __typename: 'StatusContext' }] },
      },
    });
  });
});

test('what a person may do in a repository is the most of what teams and collaboration give', async () => {
  const outer = github.addTeam('acme', `outer-${count}`, [], { repositories: { [shop.name]: 'maintain' } });
  github.addTeam('acme', `inner-${count}`, ['alice'], { parent: outer });
  shop.addCollaborator('alice', 'read');
  const permission = async (login: string) => {
    const { body } = await get(`/collaborators/${login}/permission`);
    return [body['permission'], body['role_name']];
  };
  github.addUser('bob');
  expect(await permission('alice')).toEqual(['write', 'maintain']);
  expect(await permission('bob')).toEqual(['read', 'read']);
  const team = `/orgs/acme/teams/outer-${count}`;
  expect((await client.get(`${team}/memberships/alice`)).body['state']).toBe('active');
  expect((await client.get(`${team}/memberships/bob`)).status).toBe(404);
  expect((await client.get(`${team}/repos/${shop.fullName}`)).status).toBe(204);
});
