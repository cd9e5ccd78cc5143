import { describe, expect, test } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { readFileSync } from 'node:fs';
import { amendments } from './amendments.ts';
import type { Description } from './description.ts';
import { componentSchemas, createRestContract, type Exchange } from './rest.ts';

const contract = createRestContract();
const listed = JSON.parse(readFileSync(new URL('operations.json', import.meta.url), 'utf8')) as readonly string[];

const description = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8')) as Description;

const base: Exchange = {
  method: 'GET',
  path: '/repos/acme/shop/deployments',
  query: {},
  requestBody: undefined,
  status: 200,
  responseBody: [],
};

const branchPolicy: Exchange = {
  ...base,
  method: 'POST',
  path: '/repos/acme/shop/environments/review%2F1/deployment-branch-policies',
  requestBody: { name: 'main' },
  responseBody: { id: 1, node_id: 'x', name: 'main', type: 'branch' },
};

const checkRun: Exchange = {
  ...base,
  method: 'POST',
  path: '/repos/acme/shop/check-runs',
  status: 403,
  responseBody: { message: 'Resource not accessible by integration' },
  requestBody: {
    name: 'Lockkeeper',
    head_sha: 'a'.repeat(40),
    status: 'completed',
    conclusion: 'neutral',
    output: { title: 't', summary: 's' },
    actions: [{ label: 'Bypass', description: 'd', identifier: 'bypass' }],
  },
};

test('what is checked in holds the listed operations, each once and in order', () => {
  const described = Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual([...listed].sort());
  expect(new Set(listed).size).toBe(listed.length);
});

test.each(amendments)('$operation still needs its amendment: $because', ({ operation, status, schema }) => {
  const [method = '', path = ''] = operation.split(' ');
  const answer = description.paths[path]?.[method.toLowerCase()]?.responses[status];
  expect(answer).toBeDefined();
  expect(answer).not.toEqual({ content: { 'application/json': { schema } } });
});

test.each(listed)('%s is found by a path of its own', (operation) => {
  const [method = '', template = ''] = operation.split(' ');
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name.endsWith('_id') ? '7' : 'x'));
  expect(contract.routeOf({ method, path })).toBe(operation);
});

describe('an exchange as GitHub describes it has nothing to report', () => {
  test.each<[string, Partial<Exchange>]>([
    ['an empty list', {}],
    [
      'a template for a path',
      {
        path: '/repos/{owner}/{repo}/deployments/{deployment_id}',
        status: 404,
        responseBody: { message: 'Not Found' },
      },
    ],
    ['Enterprise Server', { path: '/api/v3/repos/acme/shop/deployments' }],
    ['parameters of the right type', { query: { per_page: '100', page: '2', environment: 'review/1' } }],
    ['a body with what it needs', branchPolicy],
    ['a body whose alternatives add conditions', checkRun],
    [
      'a slash that may stand as it is',
      { path: '/repos/acme/shop/git/ref/heads/a/b', status: 404, responseBody: { message: 'Not Found' } },
    ],
    ['a status that is not described, with a message', { status: 401, responseBody: { message: 'Bad credentials' } }],
    ['an answer to a conditional request', { status: 304, responseBody: undefined }],
    ['a gateway that broke down', { status: 502, responseBody: '<html>' }],
    [
      'text where the media type can be chosen',
      { path: '/repos/acme/shop/contents/a/b.yml', responseBody: 'version: 1' },
    ],
  ])('%s', (_, change) => {
    expect(contract.check({ ...base, ...change })).toEqual([]);
  });
});

describe('what is not as GitHub describes it is named, with its operation and place', () => {
  const policies = 'POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies';
  test.each<[string, Partial<Exchange>, string]>([
    ['a route that is not listed', { path: '/repos/acme/shop/zen' }, 'GET /repos/acme/shop/zen: no such operation'],
    [
      'a query parameter that does not exist',
      { query: { env: 'x' } },
      'deployments: query (root) must NOT have additional properties (env)',
    ],
    ['a query parameter of the wrong type', { query: { page: 'two' } }, 'deployments: query /page must be integer'],
    ['a page that is too large', { query: { per_page: '101' } }, 'deployments: query /per_page must be <= 100'],
    [
      'a path parameter of the wrong type',
      { path: '/repos/acme/shop/deployments/x' },
      'path /deployment_id must be integer',
    ],
    ['a body where none belongs', { requestBody: { a: 1 } }, 'deployments: request (root) must be empty'],
    [
      'a body that is missing',
      { ...branchPolicy, requestBody: undefined },
      `${policies}: request (root) must not be empty`,
    ],
    [
      'a key that is missing',
      { ...branchPolicy, requestBody: { type: 'tag' } },
      "request (root) must have required property 'name'",
    ],
    [
      'a key that does not exist',
      { ...branchPolicy, requestBody: { name: 'main', kind: 'tag' } },
      'request (root) must NOT have unevaluated properties (kind)',
    ],
    [
      'a key that does not exist, beside alternatives',
      { ...checkRun, requestBody: { ...Object(checkRun.requestBody), url: 'x' } },
      'unevaluated properties (url)',
    ],
    [
      'a key that does not exist, further in',
      {
        ...checkRun,
        requestBody: { ...Object(checkRun.requestBody), output: { title: 't', summary: 's', body: 'b' } },
      },
      'request /output must NOT have unevaluated properties (body)',
    ],
    [
      'a value that is not one of those',
      { ...branchPolicy, requestBody: { name: 'main', type: 'commit' } },
      'request /type must be equal to one of the allowed values (branch, tag)',
    ],
    [
      'an answer of the wrong type',
      { ...branchPolicy, responseBody: { id: 'x' } },
      `${policies}: answer 200 /id must be integer`,
    ],
    ['null where it may not be', { ...branchPolicy, responseBody: { id: null } }, 'answer 200 /id must be integer'],
    [
      'an answer without a key it must have',
      { path: '/repos/acme/shop/deployments/7', responseBody: { id: 7 } },
      "answer 200 (root) must have required property 'sha'",
    ],
    [
      'a time that is none',
      {
        path: '/repos/acme/shop/git/ref/heads/a',
        responseBody: { object: { type: 'commit', sha: 'x', url: 'no url' } },
      },
      'answer 200 /object/url must match format',
    ],
    [
      'an answer where none belongs',
      { method: 'DELETE', path: '/repos/acme/shop/keys/1', status: 204, responseBody: { a: 1 } },
      'answer 204 (root) must be empty',
    ],
    ['a success that is not described', { status: 207 }, 'answer 207 is not a status that is described'],
    ['an error without a message', { status: 403, responseBody: 'no' }, 'answer 403 /message must be a string'],
  ])('%s', (_, change, error) => {
    expect(contract.check({ ...base, ...change }).join('\n')).toContain(error);
  });
});

test('what is checked against are schemas', () => {
  const ajv = new Ajv2019({ strict: false });
  for (const schema of componentSchemas(description)) {
    expect([ajv.validateSchema(schema), ajv.errors]).toEqual([true, null]);
  }
});
