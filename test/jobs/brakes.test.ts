import { describe, expect, test } from '@jest/globals';
import { carryingVerdict, createOwnBrakes, takeUpVersion, verdictFor } from '../../src/jobs/brakes.ts';
import type { Job } from '../../src/jobs/job.ts';
import { lookAt } from './work-bench.ts';

const job = lookAt('review/a');
const amounts = (inactivate: number, deletions = 0, keys = 0) => ({ inactivate, delete: deletions, keys });
const limits = amounts(5, 2, 1);

describe('limits', () => {
  test('are a budget of one repository until a sweep comes', async () => {
    const brakes = createOwnBrakes();
    expect(await brakes.take(job, { wanted: amounts(3, 3), limits })).toEqual(amounts(3, 2));
    expect(await brakes.take(lookAt('review/b'), { wanted: amounts(3, 1, 1), limits })).toEqual(amounts(2, 0, 1));
    expect(await brakes.take(lookAt('review/a', 2), { wanted: amounts(9), limits })).toEqual(amounts(5));
    await brakes.renew(job);
    expect(await brakes.take(job, { wanted: amounts(9, 9, 9), limits })).toEqual(limits);
  });

  test('count what was made, not what was tried', async () => {
    const brakes = createOwnBrakes();
    await brakes.take(job, { wanted: amounts(5, 1), limits });
    await brakes.giveBack(job, amounts(4, 1));
    expect(await brakes.take(job, { wanted: amounts(9, 9), limits })).toEqual(amounts(4, 2));
  });

  test('that have become smaller than what was used give nothing', async () => {
    const brakes = createOwnBrakes();
    await brakes.take(job, { wanted: amounts(5), limits });
    expect(await brakes.take(job, { wanted: amounts(1), limits: amounts(3) })).toEqual(amounts(0));
  });
});

describe('a version of the policy', () => {
  test('that is seen for the first time is taken up, and another one then is a changed one', async () => {
    const brakes = createOwnBrakes();
    expect(await takeUpVersion(brakes, job, 'a')).toBe('accepted');
    expect(await brakes.judged(job)).toEqual({ accepted: 'a', held: null });
    expect(await takeUpVersion(brakes, job, 'b')).toBe('changed');
    expect(await verdictFor(brakes, job, 'b')).toBe('changed');
    expect(await brakes.judged(job)).toEqual({ accepted: 'a', held: null });
  });

  test('that is acted on lets go of one that was held', async () => {
    const brakes = createOwnBrakes();
    await brakes.judge(job, () => ({ accepted: 'a', held: 'b' }));
    expect(await takeUpVersion(brakes, job, 'b')).toBe('held');
    expect(await takeUpVersion(brakes, job, 'a')).toBe('accepted');
    expect(await brakes.judged(job)).toEqual({ accepted: 'a', held: null });
  });

  test('that another process has accepted is accepted by the job that tells so, and no other version is', async () => {
    const brakes = createOwnBrakes();
    await takeUpVersion(brakes, job, 'a');
    const passedOn: Job = carryingVerdict({ brakes: createOwnBrakes(), sharesJobs: true }, job, 'b');
    expect(await takeUpVersion(brakes, passedOn, 'c')).toBe('changed');
    expect(await takeUpVersion(brakes, passedOn, 'b')).toBe('accepted');
    // From then on without being told, so that nobody has to judge it again.
    expect(await takeUpVersion(brakes, job, 'b')).toBe('accepted');
  });

  test.each([
    ['is alone', { brakes: createOwnBrakes(), sharesJobs: false }],
    ['knows what the others know', { brakes: { ...createOwnBrakes(), isShared: true }, sharesJobs: true }],
  ])('is not told to a process that %s', (_, context) => {
    expect(carryingVerdict(context, { ...job, accepted: 'old' }, 'b')).toEqual(job);
  });
});
