import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { installationClient, textIn, type Client } from './client.ts';
import { startSimulator, type RepositoryHandle, type Simulator } from './index.ts';

let github: Simulator;
let shop: RepositoryHandle;
let client: Client;
let installation: number;
let count = 0;

beforeAll(async () => {
  github = await startSimulator();
  installation = github.install({ owner: 'acme' }).id;
  client = await installationClient(github, installation);
});
afterAll(() => github.stop());

function freshRepository(): RepositoryHandle {
  count += 1;
  shop = github.addRepository({ owner: 'acme', name: `shop-${count}` });
  return shop;
}

const inRepository = (fields: string) =>
  client.graphql(`query Look { repository(owner: "acme", name: "${shop.name}") { ${fields} } }`);

describe('deployments', () => {
  test('are oldest first unless an order is given', async () => {
    freshRepository();
    const ids = [1, 2, 3].map(() => shop.createDeployment({ ref: 'main', environment: 'qa' }).id);
    const { body } = await inRepository(`
      plain: deployments(first: 2) { totalCount nodes { databaseId } }
      newest: deployments(first: 2, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { databaseId } }
      newestByLast: deployments(last: 1) { nodes { databaseId } }`);
    expect(body['data']?.['repository']).toEqual({
      plain: { totalCount: 3, nodes: [{ databaseId: ids[0] }, { databaseId: ids[1] }] },
      newest: { nodes: [{ databaseId: ids[2] }, { databaseId: ids[1] }] },
      newestByLast: { nodes: [{ databaseId: ids[2] }] },
    });
  });

  test('are paged without gaps when one of a page is deleted in between', async () => {
    freshRepository();
    const all = Array.from({ length: 6 }, () => shop.createDeployment({ ref: 'main', environment: 'qa' }));
    const query = (after: string) =>
      inRepository(
        `deployments(first: 3, after: ${JSON.stringify(after)}) { pageInfo { endCursor hasNextPage } nodes { databaseId } }`,
      );
    const first = await query('');
    all[0]?.delete();
    all[2]?.delete();
    const cursor = textIn(first.body['data']?.['repository']?.['deployments']?.['pageInfo']?.['endCursor']);
    const second = await query(cursor);
    expect(second.body['data']?.['repository']?.['deployments']?.['nodes']).toEqual(
      all.slice(3).map(({ id }) => ({ databaseId: id })),
    );
  });

  test('have no ref once it is deleted, nor for a commit', async () => {
    freshRepository();
    const { sha } = shop.push({ branch: 'feature' });
    shop.createDeployment({ ref: 'feature', environment: 'qa' });
    shop.createDeployment({ ref: sha, environment: 'qa' });
    const refs = async () =>
      (await inRepository('deployments(first: 9) { nodes { ref { name prefix } } }')).body['data']?.['repository'];
    expect(await refs()).toEqual({
      deployments: { nodes: [{ ref: { name: 'feature', prefix: 'refs/heads/' } }, { ref: null }] },
    });
    shop.deleteBranch('feature');
    expect(await refs()).toEqual({ deployments: { nodes: [{ ref: null }, { ref: null }] } });
  });

  test('say with states of their own what is active and what was transient', async () => {
    freshRepository();
    for (const state of ['success', 'inactive', 'failure'] as const) {
      for (const transient of [false, true]) {
        const deployment = shop.createDeployment({ ref: 'main', environment: 'qa', transient });
        deployment.setStatus(state, { autoInactive: false });
      }
    }
    const { body } = await inRepository('deployments(first: 9) { nodes { state latestStatus { state } } }');
    const nodes = body['data']?.['repository']?.['deployments']?.['nodes'] as unknown as {
      state: string;
      latestStatus: { state: string };
    }[];
    expect(nodes.map((each) => each.state)).toEqual([
      'ACTIVE',
      'ACTIVE',
      'INACTIVE',
      'DESTROYED',
      'FAILURE',
      'FAILURE',
    ]);
    expect(nodes[3]?.latestStatus.state).toBe('INACTIVE');
  });
});

describe('mutations', () => {
  const STATUS = `mutation End($a: ID!, $b: ID!, $c: ID!) {
    a: createDeploymentStatus(input: { deploymentId: $a, state: INACTIVE, autoInactive: false }) { deploymentStatus { state } }
    b: createDeploymentStatus(input: { deploymentId: $b, state: INACTIVE, autoInactive: false }) { deploymentStatus { state } }
    c: createDeploymentStatus(input: { deploymentId: $c, state: INACTIVE, autoInactive: false }) { deploymentStatus { state } }
  }`;

  test('that are aliased fail one by one', async () => {
    freshRepository();
    const [a, c] = ['qa', 'lab'].map((environment) => shop.createDeployment({ ref: 'main', environment }));
    const { body } = await client.graphql(STATUS, { a: a?.nodeId, b: 'DE_unknown', c: c?.nodeId });
    expect(body['data']).toMatchObject({ a: { deploymentStatus: { state: 'INACTIVE' } }, b: null, c: {} });
    expect(body['errors']).toMatchObject([{ type: 'NOT_FOUND', path: ['b'] }]);
    expect([a?.state, c?.state]).toEqual(['inactive', 'inactive']);
  });

  test('are carried out in part where a fault says so', async () => {
    freshRepository();
    const all = ['qa', 'lab', 'dev'].map((environment) => shop.createDeployment({ ref: 'main', environment }));
    const remove = github.faults.add({ match: 'End', action: 'graphql-partial' });
    const { body } = await client.graphql(STATUS, { a: all[0]?.nodeId, b: all[1]?.nodeId, c: all[2]?.nodeId });
    remove();
    expect(body['errors']).toMatchObject([{ path: ['c'] }]);
    expect(all.map(({ state }) => state)).toEqual(['inactive', 'inactive', 'pending']);
  });

  test('do not delete an active deployment', async () => {
    freshRepository();
    const [active, ended] = ['qa', 'lab'].map((environment) => shop.createDeployment({ ref: 'main', environment }));
    active?.setStatus('success');
    const { body } = await client.graphql(
      'mutation Delete($a: ID!, $b: ID!) { a: deleteDeployment(input: { id: $a }) { clientMutationId } b: deleteDeployment(input: { id: $b }) { clientMutationId } }',
      { a: active?.nodeId, b: ended?.nodeId },
    );
    expect(body['errors']).toMatchObject([{ type: 'UNPROCESSABLE', path: ['a'] }]);
    expect([active?.exists, ended?.exists]).toEqual([true, false]);
  });
});

describe('pull requests of a commit', () => {
  const numbers = async (sha: string) => {
    const { body } = await inRepository(
      `object(oid: "${sha}") { ... on Commit { associatedPullRequests(first: 9) { nodes { number } } } }`,
    );
    return body['data']?.['repository']?.['object']?.['associatedPullRequests']?.['nodes'];
  };

  test('are the open and the merged ones, not those closed unmerged', async () => {
    freshRepository();
    const open = shop.openPullRequest({ head: 'open' });
    const merged = shop.openPullRequest({ head: 'merged' });
    const closed = shop.openPullRequest({ head: 'closed' });
    merged.merge({ method: 'squash' });
    closed.close();
    expect(await numbers(open.headSha)).toEqual([{ number: 1 }]);
    expect(await numbers(merged.headSha)).toEqual([{ number: 2 }]);
    expect(await numbers(shop.head().sha)).toEqual([{ number: 2 }]);
    expect(await numbers(closed.headSha)).toEqual([]);
  });

  test('that was force pushed away are found in the timeline', async () => {
    freshRepository();
    const pull = shop.openPullRequest({ head: { owner: 'mallory', branch: 'feature' } });
    const before = pull.headSha;
    shop.createDeployment({ ref: before, environment: 'qa' });
    pull.forcePush();
    expect(await numbers(before)).toEqual([]);
    const { body } = await inRepository(`pullRequest(number: 1) { isCrossRepository headRepository { nameWithOwner }
      timelineItems(itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT], last: 10) { nodes { ... on HeadRefForcePushedEvent {
        beforeCommit { oid deployments(first: 1) { totalCount } } afterCommit { oid } } } } }`);
    expect(body['data']?.['repository']?.['pullRequest']).toEqual({
      isCrossRepository: true,
      headRepository: { nameWithOwner: `mallory/${shop.name}` },
      timelineItems: {
        nodes: [{ beforeCommit: { oid: before, deployments: { totalCount: 1 } }, afterCommit: { oid: pull.headSha } }],
      },
    });
  });
});

describe('what GitHub refuses', () => {
  const cases = [
    ['a field that is not in the schema', 'deployments(first: 1) { nodes { transientEnvironment } }', undefined],
    ['a connection without first or last', 'deployments { totalCount }', 'MISSING_PAGINATION_BOUNDARIES'],
    ['a page of more than 100', 'deployments(first: 101) { totalCount }', 'EXCESSIVE_PAGINATION'],
    [
      'more than half a million nodes',
      'deployments(first: 100) { nodes { statuses(first: 100) { nodes { deployment { statuses(first: 100) { totalCount } } } } } }',
      'MAX_NODE_LIMIT_EXCEEDED',
    ],
  ] as const;
  test.each(cases)('%s', async (_name, fields, type) => {
    freshRepository();
    const { status, body } = await inRepository(fields);
    expect([status, body['data'], body['errors']?.[0]?.['type']]).toEqual([200, undefined, type]);
  });

  test('a field that is not simulated says so, and is kept', async () => {
    freshRepository();
    const { body } = await inRepository('databaseId stargazerCount');
    expect(body['errors']?.[0]?.['message']).toBe('not simulated: Repository.stargazerCount');
    expect(github.notSimulated).toContain('Repository.stargazerCount');
  });

  test('a repository that the token cannot see is not found, and the rest of the answer is there', async () => {
    freshRepository();
    github.addRepository({ owner: 'other', name: 'secret' });
    const { body } = await client.graphql(
      `{ mine: repository(owner: "acme", name: "${shop.name}") { databaseId } theirs: repository(owner: "other", name: "secret") { id } }`,
    );
    expect(body['data']).toEqual({ mine: { databaseId: shop.id }, theirs: null });
    expect(body['errors']).toMatchObject([
      {
        type: 'NOT_FOUND',
        path: ['theirs'],
        message: "Could not resolve to a Repository with the name 'other/secret'.",
      },
    ]);
  });

  test('what the permissions do not allow is forbidden field by field', async () => {
    freshRepository();
    const narrow = await installationClient(github, installation, { permissions: { contents: 'read' } });
    const { body } = await narrow.graphql(
      `{ repository(owner: "acme", name: "${shop.name}") { databaseId pullRequests(first: 1) { totalCount } } }`,
    );
    expect(body['errors']).toMatchObject([{ type: 'FORBIDDEN', path: ['repository', 'pullRequests'] }]);
  });
});

test('the cost of a query is that of its connections', async () => {
  freshRepository();
  const { body, headers } = await client.graphql(
    `query { rateLimit { cost nodeCount } repository(owner: "acme", name: "${shop.name}") {
      deployments(first: 100) { nodes { statuses(first: 10) { nodes { id } } commit { associatedPullRequests(first: 5) { nodes { number } } } } } } }`,
  );
  // One request for the deployments, a hundred for each of the other two: 201 / 100.
  expect(body['data']?.['rateLimit']).toEqual({ cost: 2, nodeCount: 100 + 1000 + 500 });
  expect(headers.get('x-ratelimit-resource')).toBe('graphql');
});
