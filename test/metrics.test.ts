import { describe, expect, test } from '@jest/globals';
import { createMetrics, exposeProcess } from '../src/metrics.ts';
import { createSilentLogger } from '../src/logging.ts';
import { createSqsQueue } from '../src/jobs/sqs-queue.ts';

const GAUGES = ['lockkeeper_queue_depth', 'lockkeeper_queue_age_seconds'];

/** The lines of the two gauges that hold a value. */
function gaugesIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => GAUGES.some((name) => line.startsWith(name)));
}

describe('while the queue cannot be asked', () => {
  const away = () => Promise.reject(new Error('nobody there'));

  test('its gauges have no value, and everything else has', async () => {
    const metrics = createMetrics();
    exposeProcess(metrics, { depth: away });
    metrics.webhooks.inc({ event: 'push', result: 'full' });
    const text = await metrics.registry.metrics();
    expect(gaugesIn(text)).toEqual([]);
    for (const name of GAUGES) expect(text).toContain(`# TYPE ${name} gauge`);
    expect(text).toContain('lockkeeper_webhooks_total{event="push",result="full"} 1');
    expect(text).toContain('process_cpu_seconds_total');
  });

  test('the values of before are not repeated, and come again with the queue', async () => {
    const metrics = createMetrics();
    let depth: () => Promise<{ readonly waiting: number; readonly oldest: number }> = () =>
      Promise.resolve({ waiting: 7, oldest: 1500 });
    exposeProcess(metrics, { depth: () => depth() });
    const whole = ['lockkeeper_queue_depth 7', 'lockkeeper_queue_age_seconds 1.5'];
    const shown = async () => gaugesIn(await metrics.registry.metrics());
    expect(await shown()).toEqual(whole);
    const there = depth;
    depth = away;
    expect(await shown()).toEqual([]);
    depth = there;
    expect(await shown()).toEqual(whole);
  });

  test('SQS is no exception', async () => {
    const metrics = createMetrics();
    const sqs = { enqueue: away, receive: away, remove: away, putOff: away, waiting: away };
    exposeProcess(metrics, createSqsQueue({ sqs, log: createSilentLogger() }));
    expect(gaugesIn(await metrics.registry.metrics())).toEqual([]);
  });
});

test('the queue is asked once for both gauges', async () => {
  const metrics = createMetrics();
  let asked = 0;
  exposeProcess(metrics, {
    depth: () => {
      asked += 1;
      return Promise.resolve({ waiting: 0, oldest: 0 });
    },
  });
  await metrics.registry.metrics();
  expect(asked).toBe(1);
  await metrics.registry.metrics();
  expect(asked).toBe(2);
});
