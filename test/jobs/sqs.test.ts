import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { GitHubError } from '../../src/github/port.ts';
import type { Job } from '../../src/jobs/job.ts';
import { isQueueFull } from '../../src/jobs/queue.ts';
import { runBatch, type BatchResult } from '../../src/jobs/sqs-batch.ts';
import { connectSqs, regionOf, type Received } from '../../src/jobs/sqs-client.ts';
import { createSqsEngine } from '../../src/jobs/sqs-engine.ts';
import { groupOf, writeMessage, type Message } from '../../src/jobs/sqs-message.ts';
import { createSqsQueue } from '../../src/jobs/sqs-queue.ts';
import { createSilentLogger } from '../../src/logging.ts';
import { createMetrics } from '../../src/metrics.ts';
import { awsCredentials, startSqs, type SqsStandIn } from '../lambda/sqs-stand-in.ts';
import { lookAt } from './work-bench.ts';

jest.setTimeout(60_000);

const log = createSilentLogger();

/** A message as it is handed out: `name` is its environment, in the group of that name unless another is given. */
function received(name: string, more: Partial<Received> = {}): Received {
  const { body } = writeMessage({ kind: 'job', job: lookAt(name) });
  return { id: `${name}-${more.receipt ?? ''}`, receipt: name, body, group: name, receives: 1, ...more };
}

const nameOf = (message: Message): string =>
  message.kind === 'job' && message.job.scope.kind === 'environment' ? message.job.scope.environment : message.kind;

/** Runs a batch in which what `fails` names fails. */
async function run(
  batch: readonly Received[],
  fails: Readonly<Record<string, Error>> = {},
  more: { readonly deadline?: AbortSignal; readonly concurrency?: number } = {},
): Promise<{ readonly runs: readonly string[]; readonly result: BatchResult; readonly jobs: readonly Message[] }> {
  const runs: string[] = [];
  const jobs: Message[] = [];
  const result = await runBatch(batch, {
    run: (message) => {
      runs.push(nameOf(message));
      jobs.push(message);
      const error = fails[nameOf(message)];
      return error === undefined ? Promise.resolve() : Promise.reject(error);
    },
    concurrency: 4,
    deadline: new AbortController().signal,
    log,
    metrics: createMetrics(),
    random: () => 0,
    ...more,
  });
  return { runs, result, jobs };
}

const ids = (some: readonly Received[]): readonly string[] => some.map(({ id }) => id);
const failedIds = ({ failed }: BatchResult): readonly string[] => ids(failed.map((one) => one.received));

describe('a batch', () => {
  test('merges what is about the same into one run, and is done with all of it', async () => {
    const batch = [received('a', { receipt: '1' }), received('b'), received('a', { receipt: '2' })];
    const { runs, result } = await run(batch);
    expect(runs.toSorted()).toEqual(['a', 'b']);
    expect(ids(result.done).toSorted()).toEqual(['a-1', 'a-2', 'b-']);
    expect(result.failed).toEqual([]);
  });

  test('a merged job looks at whatever any of them would have looked at', async () => {
    const about = (id: number): string =>
      writeMessage({
        kind: 'job',
        job: lookAt('a', 1, { about: [{ kind: 'deployment', id, createdAt: '2026-03-02T09:00:00Z' }] }),
      }).body;
    const { jobs } = await run([received('a', { body: about(1) }), received('a', { body: about(2) })]);
    expect(jobs).toMatchObject([{ job: { about: [{ id: 1 }, { id: 2 }] } }]);
  });

  test('a failure keeps what follows in its group, and nothing of the others', async () => {
    const group = 'g';
    const batch = [
      received('first', { group }),
      received('bad', { group }),
      received('later', { group }),
      received('other'),
    ];
    const { runs, result } = await run(batch, { bad: new Error('no') });
    expect(runs).not.toContain('later');
    expect(ids(result.done).toSorted()).toEqual(['first-', 'other-']);
    expect(failedIds(result)).toEqual(['bad-', 'later-']);
  });

  test('what is no job of this version keeps its group for a while, and does not run', async () => {
    const batch = [received('a', { group: 'g' }), received('b', { group: 'g', body: '{"scope":"?"}' }), received('c')];
    const { runs, result } = await run(batch);
    expect(runs.toSorted()).toEqual(['a', 'c']);
    expect(result.failed).toMatchObject([{ received: { id: 'b-' }, delay: 60_000 }]);
  });

  const limited = (retryAfter: number): Error =>
    new GitHubError({ kind: 'limited', status: 403, operation: 'X', message: 'no', retryAfter });
  test.each<[string, Error, number, number]>([
    ['a second at first', new Error('no'), 1, 1000],
    ['twice as long each time', new Error('no'), 4, 8000],
    ['a minute at most', new Error('no'), 9, 60_000],
    ['as long as GitHub said', limited(3_600_000), 1, 3_600_000],
  ])('what fails is put off: %s', async (_title, error, receives, delay) => {
    const { result } = await run([received('a', { receives })], { a: error });
    expect(result.failed).toMatchObject([{ delay }]);
  });

  test('what would have to wait longer than SQS can hold is left to the sweep', async () => {
    const { result } = await run([received('a')], { a: limited(13 * 3_600_000) });
    expect(ids(result.done)).toEqual(['a-']);
  });

  test('nothing is begun once the time is over, and all of it is handed out again at once', async () => {
    const { runs, result } = await run([received('a'), received('b')], {}, { deadline: AbortSignal.abort() });
    expect(runs).toEqual([]);
    expect(result.failed).toMatchObject([{ delay: 0 }, { delay: 0 }]);
  });

  test('what runs when the time is over has failed, and is not waited for', async () => {
    const time = new AbortController();
    const result = await runBatch([received('a')], {
      run: () => {
        time.abort();
        return new Promise(() => undefined);
      },
      concurrency: 1,
      deadline: time.signal,
      log,
      metrics: createMetrics(),
    });
    expect(failedIds(result)).toEqual(['a-']);
  });
});

describe('a message group', () => {
  const long = '1/7/environment:' + 'x'.repeat(255);
  test.each(['1/7/repository', '1/7/environment:review/x', '1/7/environment:über uns', long])('%s', (key) => {
    const group = groupOf(key);
    expect(group).toMatch(/^[\x21-\x7e]{1,128}$/);
    expect(group.startsWith('1/7/')).toBe(true);
    expect(groupOf(key)).toBe(group);
    expect(groupOf(`${key}y`)).not.toBe(group);
  });
});

test.each([
  ['https://sqs.eu-central-1.amazonaws.com/1/jobs.fifo', 'eu-central-1'],
  ['https://sqs.us-gov-west-1.amazonaws.com/1/jobs.fifo', 'us-gov-west-1'],
  ['https://vpce-1.sqs.eu-west-3.vpce.amazonaws.com/1/jobs.fifo', 'eu-west-3'],
  ['http://127.0.0.1:4566/1/jobs.fifo', null],
])('the region of %s is %s', (url, region) => {
  expect(regionOf(url)).toBe(region);
});

describe('the queue in SQS', () => {
  const before = { ...process.env };
  let sqs: SqsStandIn;
  beforeAll(async () => {
    Object.assign(process.env, awsCredentials);
    sqs = await startSqs();
  });
  afterEach(() => {
    for (const { receipt } of sqs.queue.receive(10)) sqs.queue.remove(receipt);
  });
  afterAll(async () => {
    await sqs.stop();
    process.env = before;
  });
  const bodies = (): readonly unknown[] => sqs.queue.waiting().map(({ body }) => JSON.parse(body) as unknown);

  test('has a job once it is added, in order', async () => {
    const queue = createSqsQueue({ sqs: connectSqs(sqs.url), log });
    const jobs: readonly Job[] = [lookAt('a'), lookAt('b'), lookAt('a')];
    for (const job of jobs) await queue.add(job);
    expect(bodies()).toEqual(jobs);
    expect(await queue.depth()).toMatchObject({ waiting: 3 });
  });

  test('takes what is added at once in batches of ten', async () => {
    const queue = createSqsQueue({ sqs: connectSqs(sqs.url), log });
    const from = sqs.actions.length;
    await Promise.all(Array.from({ length: 25 }, (_, i) => queue.add(lookAt(`e${i}`))));
    expect(sqs.actions.slice(from)).toEqual(Array.from({ length: 3 }, () => 'SendMessageBatch'));
    expect(sqs.queue.waiting()).toHaveLength(25);
    for (const { receipt } of [...sqs.queue.receive(10), ...sqs.queue.receive(10)]) sqs.queue.remove(receipt);
  });

  test('sends again what of a batch was not taken, and nothing twice', async () => {
    const queue = createSqsQueue({ sqs: connectSqs(sqs.url), log });
    sqs.refuse(3);
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => queue.add(lookAt(name))));
    expect(sqs.queue.waiting()).toHaveLength(5);
  });

  test.each([
    [
      'never takes it',
      () => {
        sqs.refuse(100);
      },
    ],
    [
      'says that it is our fault',
      () => {
        sqs.refuse(100, true);
      },
    ],
    [
      'is down',
      () => {
        sqs.fail(100);
      },
    ],
  ])('is full where SQS %s', async (_title, arrange) => {
    const queue = createSqsQueue({ sqs: connectSqs(sqs.url), log });
    arrange();
    const error: unknown = await queue.add(lookAt('a')).catch((thrown: unknown) => thrown);
    expect(isQueueFull(error)).toBe(true);
    sqs.refuse(0);
    sqs.fail(0);
    await queue.add(lookAt('b'));
    expect(bodies()).toEqual([lookAt('b')]);
  });

  test('a server runs what is in it: what fails comes again, what is done does not', async () => {
    const done = new Set<string>();
    const swept: number[] = [];
    let failures = 1;
    const queue = createSqsEngine({
      sqs: connectSqs(sqs.url),
      concurrency: 4,
      sweepInstallation: (installation) => {
        swept.push(installation);
        return Promise.resolve();
      },
      log,
      metrics: createMetrics(),
    });
    queue.start((job) => {
      const name = nameOf({ kind: 'job', job });
      if (name === 'bad' && failures-- > 0) return Promise.reject(new Error('no'));
      done.add(name);
      return Promise.resolve();
    });
    await Promise.all(['good', 'bad'].map((name) => queue.add(lookAt(name))));
    const settled = async (count: number): Promise<void> => {
      while (sqs.queue.inFlight().length + sqs.queue.waiting().length > count || done.size === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await settled(1);
    expect([...done]).toEqual(['good']);
    sqs.queue.advance(2000);
    await settled(0);
    expect([...done].toSorted()).toEqual(['bad', 'good']);
    await queue.stop(1000);
  });
});
