import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { GitHubError, type GitHub } from '../../src/github/port.ts';
import { installationId, repositoryId } from '../../src/github/trusted.ts';
import { cut, drop, json, startLoopback, type Answer, type Loopback } from './loopback.ts';

// Processes and sockets take what a busy machine makes them take.
jest.setTimeout(60_000);

let loopback: Loopback;
let github: GitHub;
beforeEach(async () => {
  loopback = await startLoopback();
  github = loopback.clients.writer(installationId(1), repositoryId(7), 'gate');
});
afterEach(() => loopback.stop());

const read = () => github.get('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'shop' });
const write = () =>
  github.send('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    owner: 'acme',
    repo: 'shop',
    deployment_id: 1,
    state: 'inactive',
  });
const query = () => github.query({ name: 'Look', text: 'query Look { viewer { login } }' }, {});
const mutate = () => github.mutate({ name: 'Change', text: 'mutation Change { a { b } }' }, {});

async function failure(promise: Promise<unknown>): Promise<GitHubError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof GitHubError) return error;
  throw new Error(`no GitHubError: ${String(error)}`);
}

const secondary = json({ message: 'You have exceeded a secondary rate limit.' }, 403, { 'retry-after': '30' });
const graphqlLimit: Answer = (response, arrival) => {
  const reset = String(Math.floor(Date.now() / 1000) + 20);
  json({ data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }, 200, {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': reset,
  })(response, arrival);
};

describe('what is asked', () => {
  test('REST and GraphQL go to the addresses of an Enterprise Server, names are encoded once', async () => {
    loopback.answer(json({ data: {} }));
    await query();
    const name = { owner: 'acme', repo: 'shop', environment_name: 'review/a b' };
    await github.get('GET /repos/{owner}/{repo}/environments/{environment_name}', name);
    expect(loopback.arrivals.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/graphql',
      'GET /api/v3/repos/acme/shop/environments/review%2Fa%20b',
    ]);
    expect(JSON.parse(loopback.arrivals[0]?.body ?? '')).toEqual({
      query: 'query Look { viewer { login } }',
      variables: {},
    });
  });

  test('each installation has its own token, and asks for it once', async () => {
    const other = loopback.clients.installation(installationId(2));
    await Promise.all([read(), read(), other.get('GET /zen', {})]);
    expect(new Set(loopback.arrivals.map(({ token }) => token)).size).toBe(2);
    expect(loopback.tokensMade()).toBe(2);
  });

  test('the app asks as itself, without a token of any installation', async () => {
    await loopback.clients.app.get('GET /app/installations', {});
    expect(loopback.tokensMade()).toBe(0);
    expect(loopback.arrivals[0]?.token).toMatch(/^bearer /);
  });
});

describe('reads', () => {
  test.each<[string, Answer]>([
    ['a 500', json({ message: 'oops' }, 500)],
    ['a 502 with a page of HTML', (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>')],
    ['no answer', drop],
    ['half an answer', cut],
    ['a secondary limit', secondary],
  ])('%s is asked again', async (_name, answer) => {
    loopback.answer(answer, answer, json({ data: { id: 1 } }));
    expect(await read()).toEqual({ data: { id: 1 } });
    loopback.answer(answer, answer, json({ data: { id: 1 } }));
    expect(await query()).toEqual({ data: { id: 1 }, problems: [] });
  });

  test('what stays down is unavailable in the end', async () => {
    loopback.answer(drop);
    expect(await failure(read())).toMatchObject({ kind: 'unavailable', status: null });
    loopback.answer(json({}, 503));
    expect(await failure(query())).toMatchObject({ kind: 'unavailable', status: 503, operation: 'Look' });
  });

  test('"Something went wrong" in GraphQL is asked again', async () => {
    const wrong = json({ data: null, errors: [{ message: 'Something went wrong while executing your query.' }] });
    loopback.answer(wrong, json({ data: {} }));
    expect(await query()).toEqual({ data: {}, problems: [] });
    loopback.answer(wrong);
    expect(await failure(query())).toMatchObject({ kind: 'unavailable' });
  });

  test.each([400, 403, 404, 409, 422])('a %i is not asked again', async (status) => {
    loopback.answer(json({ message: 'no' }, status));
    await failure(read());
    expect(loopback.arrivals).toHaveLength(1);
  });
});

describe('writes', () => {
  test.each<[string, Answer]>([
    ['a 500', json({ message: 'oops' }, 500)],
    ['no answer', drop],
    ['half an answer', cut],
    [
      'an answer that is no JSON',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{'),
    ],
  ])('%s leaves unknown whether it happened, and it is sent once', async (_name, answer) => {
    loopback.answer(answer);
    expect(await failure(write())).toMatchObject({ kind: 'lost' });
    expect(await failure(mutate())).toMatchObject({ kind: 'lost', operation: 'Change' });
    expect(loopback.arrivals).toHaveLength(2);
  });

  test('a 204 is an answer, whatever type it says its nothing is of', async () => {
    loopback.answer((response) => response.writeHead(204, { 'content-type': 'application/json' }).end());
    await write();
    expect(loopback.arrivals).toHaveLength(1);
  });

  test('"Something went wrong" leaves unknown whether a mutation happened', async () => {
    loopback.answer(json({ data: null, errors: [{ message: 'Something went wrong while executing your query.' }] }));
    expect(await failure(mutate())).toMatchObject({ kind: 'lost' });
    expect(loopback.arrivals).toHaveLength(1);
  });

  test('a secondary limit says that nothing happened: it is sent again', async () => {
    loopback.answer(secondary, json({ id: 1 }, 201));
    expect(await write()).toEqual({ id: 1 });
  });

  test('a token that cannot be had leaves nothing unknown', async () => {
    loopback.answerTokens(json({ message: 'down' }, 500));
    expect(await failure(write())).toMatchObject({ kind: 'unavailable' });
    expect(loopback.arrivals).toHaveLength(0);
  });
});

describe('limits', () => {
  test("GraphQL's own limit, which comes with status 200, is waited for", async () => {
    loopback.answer(graphqlLimit, json({ data: {} }));
    expect(await mutate()).toEqual({ data: {}, problems: [] });
  });

  test('a limit that lasts longer than is worth waiting for is told at once, and GitHub is left in peace', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 3000);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    loopback.answer(json({ message: 'API rate limit exceeded' }, 403, headers));
    const told = await failure(read());
    expect(told).toMatchObject({ kind: 'limited', status: 403 });
    expect(told.retryAfter).toBeGreaterThan(2_900_000);
    expect(await failure(write())).toMatchObject({ kind: 'limited', status: null });
    expect(loopback.arrivals).toHaveLength(1);
  });

  test('the limit of REST does not hold GraphQL up, nor other installations', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3000) };
    loopback.answer(json({ message: 'API rate limit exceeded' }, 403, headers), json({ data: {} }));
    await failure(read());
    await query();
    await loopback.clients.installation(installationId(2)).get('GET /zen', {});
    expect(loopback.arrivals).toHaveLength(3);
  });

  test('a limit that never ends is told in the end', async () => {
    loopback.answer(json({ message: 'secondary rate limit' }, 429, { 'retry-after': '1' }));
    expect(await failure(write())).toMatchObject({ kind: 'limited', retryAfter: 1000 });
    expect(loopback.arrivals.length).toBeLessThan(6);
  });
});

describe('errors', () => {
  test.each<[number, GitHubError['kind']]>([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [410, 'not_found'],
    [409, 'refused'],
    [422, 'refused'],
    [451, 'refused'],
  ])('a %i is %s', async (status, kind) => {
    loopback.clients.forgetToken(installationId(1));
    loopback.answer(json({ message: 'no' }, status));
    expect(
      await failure(status === 401 ? (loopback.clients.app.get('GET /app', {}) as Promise<unknown>) : write()),
    ).toMatchObject({ kind, status });
  });

  test('a message says what GitHub said, and is one short line', async () => {
    const errors = [{ resource: 'DeploymentStatus', field: 'state', code: 'invalid' }];
    loopback.answer(json({ message: `Validation\nFailed ${'x'.repeat(1000)}`, errors }, 422));
    const { message } = await failure(write());
    expect(message).toMatch(/^POST \/repos\/\{owner\}.*: HTTP 422: Validation Failed xxx/);
    expect(message.length).toBeLessThan(450);
  });

  test('no error holds the token, the body that was sent, or a page of HTML', async () => {
    for (const answer of [drop, json({ message: 'no' }, 422), json({}, 500)] as const) {
      loopback.answer(answer);
      const error = await failure(write());
      const everything = `${JSON.stringify(Object.entries(error))} ${error.message} ${error.stack ?? ''}`;
      expect(everything).not.toMatch(/ghs_|inactive|bearer/i);
    }
    loopback.answer((response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>secret</html>'));
    expect((await failure(write())).message).not.toContain('secret');
  });

  test('GraphQL that answers in part gives what could be had, and what could not', async () => {
    const problem = { type: 'NOT_FOUND', path: ['b'], message: 'Could not resolve' };
    loopback.answer(json({ data: { a: { id: 1 }, b: null }, errors: [{ ...problem, locations: [] }] }));
    expect(await query()).toEqual({ data: { a: { id: 1 }, b: null }, problems: [problem] });
    expect(await mutate()).toEqual({ data: { a: { id: 1 }, b: null }, problems: [problem] });
  });
});

describe('conditional requests', () => {
  const tagged: Answer = (response, arrival) => {
    const etag = `"${arrival.token}"`;
    if (arrival.etag === etag) response.writeHead(304, { etag }).end();
    else json({ by: arrival.token }, 200, { etag })(response, arrival);
  };

  test('what was read before is confirmed, and read as before', async () => {
    loopback.answer(tagged);
    const first = await read();
    expect(await read()).toEqual(first);
    expect(loopback.arrivals[1]?.etag).toBeDefined();
    const counted = await loopback.metrics.githubRequests.get();
    expect(counted.values.find(({ labels }) => labels.status === 304)?.value).toBe(1);
  });

  test('another token, address or page is asked for as new', async () => {
    loopback.answer(tagged);
    await read();
    await loopback.clients
      .installation(installationId(2))
      .get('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'shop' });
    await github.get('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'other' });
    loopback.clients.forgetToken(installationId(1));
    await read();
    expect(loopback.arrivals.map(({ etag }) => etag)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('tokens', () => {
  test('a token that has been forgotten is replaced', async () => {
    await read();
    loopback.clients.forgetToken(installationId(1));
    await read();
    expect(loopback.arrivals.map(({ token }) => token)).toEqual(['token ghs_token1', 'token ghs_token2']);
  });
});

describe('metrics', () => {
  test('requests are counted by route or document, and GitHub is down until it answers again', async () => {
    loopback.answer(json({ data: {} }, 200, { 'x-ratelimit-remaining': '41', 'x-ratelimit-resource': 'graphql' }));
    await query();
    loopback.answer(drop);
    await failure(write());
    expect((await loopback.metrics.githubUp.get()).values[0]?.value).toBe(0);
    loopback.answer(json({}, 404, { 'x-ratelimit-remaining': '4000' }));
    await failure(read());
    const text = await loopback.metrics.registry.metrics();
    expect(text).toContain('lockkeeper_github_requests_total{operation="Look",status="200"} 1');
    expect(text).toMatch(/requests_total\{operation="POST [^"]*statuses",status="none"\} 1/);
    expect(text).toContain('lockkeeper_github_requests_total{operation="GET /repos/{owner}/{repo}",status="404"} 1');
    expect(text).toContain('lockkeeper_github_rate_limit_remaining{installation="1"} 41');
    expect(text).toContain('lockkeeper_github_up 1');
  });
});

describe('the tokens of writes', () => {
  /** What each token was asked to be good for. */
  async function asked(work: () => Promise<unknown>): Promise<readonly unknown[]> {
    const bodies: unknown[] = [];
    loopback.answerTokens((response, arrival) => {
      bodies.push(JSON.parse(arrival.body === '' ? 'null' : arrival.body));
      json({ token: `ghs_${bodies.length}`, expires_at: '2099-01-01T00:00:00Z', permissions: {} }, 201)(
        response,
        arrival,
      );
    });
    await work();
    return bodies;
  }
  const narrow = (permission: string, repository = 7) => ({
    repository_ids: [repository],
    permissions: { [permission]: 'write' },
  });
  const place = { owner: 'acme', repo: 'shop' };
  const report = (client: GitHub) =>
    client.send('POST /repos/{owner}/{repo}/check-runs', { ...place, name: 'x', head_sha: 'a'.repeat(40) });

  test('are good for one repository and for what the write needs, and are made once', async () => {
    loopback.answer(json({ data: {} }));
    const bodies = await asked(async () => {
      await Promise.all([write(), write(), mutate()]);
      await report(github);
    });
    expect(bodies).toEqual([narrow('deployments'), narrow('checks')]);
    const tokens = loopback.arrivals.map(({ token }) => token);
    expect(tokens.slice(0, 3)).toEqual(Array(3).fill(tokens[0]));
    expect(tokens[3]).not.toBe(tokens[0]);
  });

  test('are not those of another repository, nor that of reads', async () => {
    const other = loopback.clients.writer(installationId(1), repositoryId(8), 'gate');
    await asked(async () => {
      await read();
      await report(github);
      await report(other);
    });
    expect(new Set(loopback.arrivals.map(({ token }) => token)).size).toBe(3);
  });

  test('are made anew when one is refused, and when the installation has changed', async () => {
    const bodies = await asked(async () => {
      loopback.answer(json({ message: 'Bad credentials' }, 401), json({}));
      await report(github);
      loopback.clients.forgetToken(installationId(1));
      await report(github);
    });
    expect(bodies).toEqual([narrow('checks'), narrow('checks'), narrow('checks')]);
  });

  test('that the installation may not have are a permission that is missing, and nothing is sent', async () => {
    loopback.answerTokens(json({ message: 'The permissions requested are not granted to this installation.' }, 422));
    expect(await failure(write())).toMatchObject({ kind: 'forbidden' });
    expect(await failure(mutate())).toMatchObject({ kind: 'forbidden' });
    expect(loopback.arrivals).toEqual([]);
  });

  test('who only reads has no way to write', () => {
    expect(Object.keys(loopback.clients.installation(installationId(1))).sort()).toEqual([
      'get',
      'installation',
      'query',
    ]);
  });
});
