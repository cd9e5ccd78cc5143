import { describe, expect, test } from '@jest/globals';
import { Probot } from 'probot';
import { createApp } from '../../src/app.ts';
import { createEnvironmentSpellings } from '../../src/github/environment-spellings.ts';
import { repositoryId, webhookEvent } from '../../src/github/trusted.ts';
import type { Job } from '../../src/jobs/job.ts';
import { isQueueFull, QueueFullError } from '../../src/jobs/queue.ts';
import { createSilentLogger } from '../../src/logging.ts';
import { createMetrics } from '../../src/metrics.ts';
import { privateKey } from '../github/loopback.ts';
import { deployment, place } from './payloads.ts';

/** The application, loaded into a Probot that nobody sends anything but the test. */
async function load(add: (job: Job) => Promise<void> = async () => undefined) {
  const jobs: Job[] = [];
  const forgotten: number[] = [];
  const swept: number[] = [];
  const spellings = createEnvironmentSpellings();
  const metrics = createMetrics();
  const log = createSilentLogger();
  const app = createApp({
    appId: 99,
    apiUrl: 'https://api.github.com',
    queue: {
      add: (job) => {
        jobs.push(job);
        return add(job);
      },
    },
    spellings,
    forgetToken: (installation) => forgotten.push(installation),
    sweepInstallation(installation) {
      swept.push(installation);
      return Promise.resolve();
    },
    metrics,
    log,
  });
  const probot = new Probot({ appId: 99, privateKey, secret: 'secret', log });
  await probot.load(app);
  const receive = (name: string, payload: object) => probot.receive(webhookEvent({ id: 'guid', name, payload }));
  const counted = async () => (await metrics.webhooks.get()).values.map(({ labels, value }) => ({ ...labels, value }));
  return { receive, jobs, forgotten, swept, spellings, counted };
}

describe('the Probot application', () => {
  test('is loaded at once: the Lambda adapter does not wait', () => {
    const log = createSilentLogger();
    const nothing = () => undefined;
    const options = {
      appId: 99,
      apiUrl: 'https://api.github.com',
      queue: { add: () => Promise.resolve() },
      spellings: createEnvironmentSpellings(),
      log,
    };
    const sweepInstallation = () => Promise.resolve();
    const app = createApp({ ...options, forgetToken: nothing, sweepInstallation, metrics: createMetrics() });
    expect(app.constructor.name).toBe('Function');
  });

  test('queues the job with its delivery, and remembers how the environment is spelled', async () => {
    const app = await load();
    await app.receive('deployment', { ...place, action: 'created', deployment });
    expect(app.jobs).toMatchObject([{ scope: { environment: 'review/one' }, deliveries: ['guid'] }]);
    expect(app.spellings.spellings(repositoryId(7), 'review/one')).toEqual(['Review/One']);
    expect(await app.counted()).toEqual([{ event: 'deployment', result: 'queued', value: 1 }]);
  });

  test('forgets the token of an installation that may do more now', async () => {
    const app = await load();
    const { installation } = place;
    await app.receive('installation', {
      installation,
      action: 'new_permissions_accepted',
      repositories: [{ id: 7, full_name: 'acme/shop' }],
    });
    expect(app.forgotten).toEqual([5]);
    expect(app.jobs).toHaveLength(1);
    await app.receive('deployment', { ...place, action: 'created', deployment });
    expect(app.forgotten).toEqual([5]);
  });

  test('goes and looks at an installation whose repositories were not named', async () => {
    const app = await load();
    await app.receive('installation', { installation: place.installation, action: 'unsuspend' });
    expect([app.swept, app.forgotten, app.jobs]).toEqual([[5], [5], []]);
  });

  test('says so where the queue is full, or where it fails', async () => {
    const full = await load(() => Promise.reject(new QueueFullError('full')));
    const delivery = { ...place, action: 'created', deployment };
    const error: unknown = await full.receive('deployment', delivery).catch((reason: unknown) => reason);
    expect(isQueueFull(error)).toBe(true);
    expect(await full.counted()).toEqual([{ event: 'deployment', result: 'full', value: 1 }]);

    const broken = await load(() => Promise.reject(new Error('broken')));
    const other: unknown = await broken.receive('deployment', delivery).catch((reason: unknown) => reason);
    expect(other).toBeDefined();
    expect(isQueueFull(other)).toBe(false);
    expect(await broken.counted()).toEqual([{ event: 'deployment', result: 'failed', value: 1 }]);
  });
});
