import { afterEach, describe, expect, test } from '@jest/globals';
import { createTimers, type Timers } from '../../src/jobs/timers.ts';
import type { Job } from '../../src/jobs/job.ts';
import { lookAt } from './work-bench.ts';

let timers: Timers | null = null;

afterEach(() => timers?.stop());

/** Timers whose clock stands at what `now` says, and the environments whose jobs were added. */
function setUp() {
  const added: string[] = [];
  const clock = { now: 1_000_000 };
  timers = createTimers({
    clock: () => clock.now,
    add: ({ scope }: Job) => added.push(scope.kind === 'environment' ? scope.environment : scope.kind),
  });
  return { timers, added, clock };
}

describe('timers', () => {
  test('add a job once, when its moment has come', () => {
    const { timers: some, added, clock } = setUp();
    some.set({ what: 'gates', job: lookAt('one'), at: clock.now + 5_000 });
    some.set({ what: 'gates', job: lookAt('two'), at: clock.now + 9_000 });
    some.ring();
    expect(added).toEqual([]);
    clock.now += 5_000;
    some.ring();
    some.ring();
    expect(added).toEqual(['one']);
    clock.now += 5_000;
    some.ring();
    expect(added).toEqual(['one', 'two']);
  });

  test('keep one moment for each thing and environment, the one that was set last', () => {
    const { timers: some, added, clock } = setUp();
    some.set({ what: 'gates', job: lookAt('one'), at: clock.now + 5_000 });
    some.set({ what: 'promotion', job: lookAt('one'), at: clock.now + 6_000 });
    some.set({ what: 'gates', job: lookAt('one'), at: null });
    some.set({ what: 'gates', job: lookAt('two'), at: clock.now + 5_000 });
    some.set({ what: 'gates', job: lookAt('two'), at: clock.now + 7_000 });
    clock.now += 6_000;
    some.ring();
    expect(added).toEqual(['one']);
    clock.now += 1_000;
    some.ring();
    expect(added).toEqual(['one', 'two']);
  });

  test('do not ring at once for what should have changed already', () => {
    const { timers: some, added, clock } = setUp();
    some.set({ what: 'gates', job: lookAt('one'), at: clock.now - 1 });
    some.ring();
    expect(added).toEqual([]);
    clock.now += 60_000;
    some.ring();
    expect(added).toEqual(['one']);
  });
});
