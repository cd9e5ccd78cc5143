import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { headersOf, SECRET, sign } from '../server/served.ts';
import { startSimulator, type RepositoryHandle, type Simulator } from '../simulator/index.ts';
import { pump } from './event-source.ts';
import {
  packageFunctions,
  type FunctionName,
  type Packaged,
  type Properties,
  type RunningFunction,
} from './functions.ts';
import { httpApiEvent, inBase64, restApiEvent, startGateway, type Gateway } from './gateway.ts';
import { awsCredentials, startSqs, type SqsStandIn } from './sqs-stand-in.ts';

// Processes and sockets take what a busy machine makes them take.
jest.setTimeout(300_000);

const POLICY =
  'version: 1\nenvironments:\n  - name: Review/*\n    lifecycle: { transient: true, inactivate_on: [pull_request_closed] }\n';

let packaged: Packaged;
let sqs: SqsStandIn;
let github: Simulator;
let gateway: Gateway;
let shop: RepositoryHandle;
const running = new Map<FunctionName, RunningFunction>();

beforeAll(async () => {
  [packaged, sqs, github, gateway] = await Promise.all([
    packageFunctions(),
    startSqs(),
    startSimulator({ webhookSecret: SECRET, realTime: true }),
    startGateway((event) => the('webhook').call(event)),
  ]);
  github.addOwner('acme');
  shop = github.addRepository({ owner: 'acme', name: 'shop' });
  shop.push({ files: { '.github/deployments.yml': POLICY } });
  github.install({ owner: 'acme', repositories: 'all' });
});
beforeEach(() => {
  github.deliverTo(gateway.url);
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([...running.values()].map((one) => one.stop()));
  await Promise.all([packaged.remove(), sqs.stop(), github.stop()]);
});

/** A function that keeps running from test to test, as Lambda keeps it. */
function the(name: FunctionName): RunningFunction {
  const known = running.get(name) ?? packaged.start(name, environment());
  running.set(name, known);
  return known;
}

function environment(): Record<string, string> {
  const app = github.environment();
  return { ...app, ...awsCredentials, SQS_QUEUE_URL: sqs.url, GITHUB_PACING: 'off', LOG_LEVEL: 'debug' };
}

/** Delivers, and runs what comes of it until there is nothing left. */
async function settle(): Promise<void> {
  let seen: number;
  do {
    seen = github.deliveries.length;
    await github.delivered();
    await pump(sqs.queue, (event) => the('worker').call(event));
  } while (github.deliveries.length > seen);
}

describe('webhook', () => {
  const ping = JSON.stringify({ zen: 'Design for failure.' });
  const signed = headersOf('ping', ping);
  const unsigned = { 'x-github-event': 'ping', 'x-github-delivery': 'd' };
  const cases: readonly (readonly [string, object, number])[] = [
    ['a signed delivery, HTTP API', httpApiEvent(ping, signed), 200],
    ['a signed delivery, REST API', restApiEvent(ping, signed), 200],
    ['a signed delivery in base64, HTTP API', inBase64(httpApiEvent('', signed), ping), 200],
    ['a signed delivery in base64, REST API', inBase64(restApiEvent('', signed), ping), 200],
    [
      'a wrong signature',
      httpApiEvent(ping, headersOf('ping', ping, { 'x-hub-signature-256': sign(ping, 'no') })),
      401,
    ],
    ['a signature that is none', restApiEvent(ping, headersOf('ping', ping, { 'x-hub-signature-256': 'x' })), 401],
    ['another body than was signed', httpApiEvent(ping, headersOf('ping', 'other')), 401],
    ['a wrong signature of what is no JSON', httpApiEvent('{', headersOf('ping', 'other')), 401],
    ['no signature', httpApiEvent(ping, unsigned), 401],
    ['an empty delivery id', httpApiEvent(ping, { ...signed, 'x-github-delivery': '' }), 400],
    ['no headers at all', restApiEvent(ping, null), 401],
    ['no body', restApiEvent(null, headersOf('ping', ' ')), 401],
    ['no event', httpApiEvent(ping, { 'x-hub-signature-256': sign(ping) }), 400],
    ['a signed body that is no JSON', httpApiEvent('{', headersOf('ping', '{')), 400],
    ['a signed body that is null', httpApiEvent('null', headersOf('push', 'null')), 400],
    ['a GET', restApiEvent(null, null, 'GET'), 404],
    ['an event that says nothing', {}, 404],
  ];

  test('answers every kind of event with the right status, never with an error of the gateway', async () => {
    const seen: unknown[] = [];
    for (const [name, event] of cases) {
      const answer = (await the('webhook').call(event)) as { readonly statusCode: number };
      seen.push([name, answer.statusCode]);
    }
    expect(seen).toEqual(cases.map(([name, , status]) => [name, status]));
    expect(sqs.actions).toEqual([]);
  });

  test('answers 503 while the queue takes nothing, and 200 once the job is in it', async () => {
    github.deliverTo(gateway.url, { mode: 'hold' });
    shop.branch('held', shop.head('main').sha);
    shop.createDeployment({ ref: 'held', environment: 'other', transient: true });
    const held = github.held.filter(({ event }) => event === 'deployment');
    const statuses = async (): Promise<readonly unknown[]> => {
      await github.release(held);
      return github.deliveries.slice(-held.length).map(({ status }) => status);
    };
    sqs.fail(100);
    expect(await statuses()).toEqual([503]);
    expect(sqs.queue.waiting()).toEqual([]);
    sqs.fail(0);
    expect(await statuses()).toEqual([200]);
    expect(sqs.queue.waiting()).toHaveLength(1);
    await settle();
  });

  test('a function that is not configured says why when it is called', async () => {
    const { SQS_QUEUE_URL: _url, ...others } = environment();
    for (const [variables, reason] of [
      [{}, /^APP_ID is missing/],
      [others, /^SQS_QUEUE_URL is missing/],
    ] as const) {
      const bare = packaged.start('webhook', variables);
      await expect(bare.call(httpApiEvent(ping, signed))).rejects.toThrow(reason);
      await bare.stop();
    }
  });
});

describe('the three together', () => {
  test('a preview ends when its pull request closes, in an environment whose name has capitals', async () => {
    const pull = shop.openPullRequest({ head: 'feature' });
    const deployment = shop.createDeployment({ ref: 'feature', environment: 'Review/Feature', transient: true });
    deployment.setStatus('success');
    await settle();
    expect(deployment.state).toBe('success');
    pull.close();
    await settle();
    expect(deployment.state).toBe('inactive');
    expect(sqs.queue.inFlight()).toEqual([]);
    expect(sqs.queue.dead()).toEqual([]);
  });

  test('what a lost delivery was about is found by the sweep, by way of the queue', async () => {
    const pull = shop.openPullRequest({ head: 'lost' });
    const deployment = shop.createDeployment({ ref: 'lost', environment: 'Review/Lost', transient: true });
    deployment.setStatus('success');
    await settle();
    github.deliverTo(null);
    pull.close();
    const writes = github.requests.writes().length;
    await the('sweep').call({ 'detail-type': 'Scheduled Event', source: 'aws.events' });
    expect(sqs.queue.waiting().length).toBeGreaterThan(0);
    expect(github.requests.writes()).toHaveLength(writes);
    await settle();
    expect(deployment.state).toBe('inactive');
  });

  test('a new installation has all of its repositories looked at', async () => {
    github.addOwner('beta');
    const [site] = ['site', 'docs'].map((name) => github.addRepository({ owner: 'beta', name }));
    if (site === undefined) throw new Error('no repository');
    site.push({ files: { '.github/deployments.yml': POLICY } });
    const pull = site.openPullRequest({ head: 'old' });
    const deployment = site.createDeployment({ ref: 'old', environment: 'Review/Old', transient: true });
    deployment.setStatus('success');
    pull.close();
    await github.delivered();
    github.install({ owner: 'beta', repositories: 'all' });
    await settle();
    expect(deployment.state).toBe('inactive');
  });

  test('a job that GitHub asked to put off is put off for as long, and then done', async () => {
    const pull = shop.openPullRequest({ head: 'limited' });
    const deployment = shop.createDeployment({ ref: 'limited', environment: 'Review/Limited', transient: true });
    deployment.setStatus('success');
    await settle();
    // A minute, GitHub says.
    const mend = github.faults.add({ action: 'secondary-limit', times: 1000 });
    pull.close();
    await github.delivered();
    await pump(sqs.queue, (event) => the('worker').call(event));
    mend();
    sqs.queue.advance(59_000);
    await settle();
    expect(deployment.state).toBe('success');
    expect(sqs.queue.inFlight()).not.toEqual([]);
    sqs.queue.advance(32_000);
    await settle();
    expect(deployment.state).toBe('inactive');
  });

  test('a job that is not done in time stays in the queue, and writes nothing afterwards', async () => {
    const pull = shop.openPullRequest({ head: 'slow' });
    const deployment = shop.createDeployment({ ref: 'slow', environment: 'Review/Slow', transient: true });
    deployment.setStatus('success');
    await settle();
    pull.close();
    await github.delivered();
    const mend = github.faults.add({ action: 'delay', delayMs: 400, times: 1000 });
    await pump(sqs.queue, (event) => the('worker').call(event, 200));
    expect(sqs.queue.inFlight()).not.toEqual([]);
    mend();
    expect(deployment.state).toBe('success');
    sqs.queue.advance(120_000);
    await settle();
    expect(deployment.statuses.map(({ state }) => state)).toEqual(['success', 'inactive']);
  });

  test('nothing secret is in any log', () => {
    const log = [...running.values()].map((one) => one.log()).join('');
    expect(log).not.toBe('');
    expect(log).not.toMatch(/sha256=|PRIVATE KEY|ghs_|not-a-secret/);
    expect(log).not.toContain(SECRET);
  });
});

/** The properties of the resources of a type, by name. */
function resources(type: string): Readonly<Record<string, Properties>> {
  const found = Object.entries(packaged.template.Resources).filter(([, { Type }]) => Type === type);
  return Object.fromEntries(found.map(([name, { Properties: properties }]) => [name, properties]));
}

/** What a role may do, without its own log. */
function rights(role: string): unknown {
  const { Policies } = resources('AWS::IAM::Role')[role] as {
    readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  };
  const statements = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return statements
    .filter(({ Action }) => !String(Action).startsWith('logs:'))
    .map(({ Action, Resource }) => ({ actions: [Action].flat(), resource: Resource }));
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

describe('the CloudFormation template', () => {
  const queue = { 'Fn::GetAtt': ['JobsQueue', 'Arn'] };

  test('has three functions for Node 24 on arm64, with a bounded number of each at once', () => {
    for (const properties of Object.values(resources('AWS::Lambda::Function'))) {
      expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(properties['ReservedConcurrentExecutions']).toBeGreaterThan(0);
    }
    expect(Object.keys(resources('AWS::Lambda::Function'))).toHaveLength(3);
  });

  test('lets nobody do more than needed', () => {
    expect(rights('WebhookRole')).toEqual([{ actions: ['sqs:SendMessage'], resource: queue }]);
    expect(rights('SweepRole')).toEqual([{ actions: ['sqs:SendMessage'], resource: queue }]);
    const [ChangeVisibility, Delete, Attributes, Receive, Send] = [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ];
    const actions = expect.arrayContaining([ChangeVisibility, Delete, Attributes, Receive, Send]);
    expect(rights('WorkerRole')).toEqual([{ actions, resource: queue }]);
    expect(JSON.stringify(resources('AWS::IAM::Role'))).not.toMatch(/"Resource":"\*"|:\*"[,\]]/);
  });

  test('has a FIFO queue that hands a message out again in time, and at last to the dead letters', () => {
    const timeout = Number(resources('AWS::Lambda::Function')['WorkerLambdaFunction']?.['Timeout']);
    const { JobsQueue, DeadJobsQueue } = resources('AWS::SQS::Queue');
    expect(JobsQueue).toMatchObject({
      FifoQueue: true,
      ContentBasedDeduplication: false,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadJobsQueue', 'Arn'] }, maxReceiveCount: 5 },
    });
    expect(JobsQueue?.['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * timeout);
    expect(DeadJobsQueue).toMatchObject({ FifoQueue: true });
  });

  test('hands the worker batches, of which it names what failed', () => {
    expect(Object.values(resources('AWS::Lambda::EventSourceMapping'))).toEqual([
      expect.objectContaining({
        EventSourceArn: queue,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BatchSize: 10,
      }),
    ]);
  });

  test('keeps logs for a while and not for ever, and holds no secret', () => {
    const logs = Object.values(resources('AWS::Logs::LogGroup'));
    expect(logs).toHaveLength(3);
    for (const properties of logs) expect(properties['RetentionInDays']).toBe(30);
    for (const properties of Object.values(resources('AWS::Lambda::Function'))) {
      const { Variables } = properties['Environment'] as { readonly Variables: Properties };
      for (const name of ['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET']) {
        expect(Variables[name]).toMatch(/^\{\{resolve:secretsmanager:/);
      }
    }
  });
});
