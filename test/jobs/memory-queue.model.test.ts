import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jobKey } from '../../src/jobs/job.ts';
import { lookAt, setUp, type WorkBench } from './work-bench.ts';

type Step =
  | { readonly kind: 'add'; readonly name: string; readonly installation: number }
  | { readonly kind: 'finish' | 'fail'; readonly which: number }
  | { readonly kind: 'pass'; readonly milliseconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    name: fc.constantFrom('a', 'b', 'c'),
    installation: fc.constantFrom(1, 2),
  }),
  fc.record({ kind: fc.constantFrom('finish' as const, 'fail' as const), which: fc.nat(5) }),
  fc.record({ kind: fc.constant('pass' as const), milliseconds: fc.nat(3000) }),
);

/** Takes a step, and writes down which delivery (numbered) it added. */
async function take(bench: WorkBench, one: Step, delivery: number): Promise<string | null> {
  if (one.kind === 'pass') await bench.clock.pass(one.milliseconds);
  if (one.kind === 'finish' || one.kind === 'fail') {
    const running = bench.running();
    const key = running[one.which % Math.max(1, running.length)];
    if (key !== undefined) await bench.finish(key, one.kind === 'fail' ? new Error('boom') : undefined);
  }
  if (one.kind !== 'add') return null;
  const job = lookAt(one.name, one.installation, { about: [{ kind: 'ref', ref: String(delivery) }] });
  await bench.queue.add(job);
  return jobKey(job);
}

async function runOut(bench: WorkBench): Promise<void> {
  for (;;) {
    await bench.clock.pass(120_000);
    const [key] = bench.running();
    if (key === undefined) return;
    await bench.finish(key);
  }
}

test('whatever happens: no key runs twice at once, slots are kept, nothing is lost, starts are spaced', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(1, 2, 4),
      fc.constantFrom(0, 1000),
      async (steps, concurrency, spacing) => {
        // The bench throws where a key runs twice at once, which shows as a run that is missing below.
        const bench = setUp({ concurrency, spacing });
        const added = new Map<string, string>();
        for (const [index, one] of steps.entries()) {
          const key = await take(bench, one, index);
          if (key !== null) added.set(String(index), key);
          expect(bench.running().length).toBeLessThanOrEqual(concurrency);
        }
        await runOut(bench);
        await bench.queue.idle();
        for (const [delivery, key] of added) {
          // Looked at after it arrived; a run about everything looked at it too.
          expect(bench.runs.filter((run) => run.key === key).some((run) => isAbout(run.job, delivery))).toBe(true);
        }
        for (const key of new Set(added.values())) expectSpaced(bench, key, spacing);
      },
    ),
    { numRuns: 150 },
  );
});

function isAbout(job: WorkBench['runs'][number]['job'], delivery: string): boolean {
  return job.about === undefined || job.about.some((subject) => subject.kind === 'ref' && subject.ref === delivery);
}

function expectSpaced(bench: WorkBench, key: string, spacing: number): void {
  const starts = bench.runs.filter((run) => run.key === key).map(({ at }) => at);
  for (const [index, start] of starts.slice(1).entries()) {
    expect(start - (starts[index] ?? 0)).toBeGreaterThanOrEqual(spacing);
  }
}

test('however many arrive while a key runs, there is exactly one more run', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(100), fc.constantFrom(0, 1000), async (arrivals, spacing) => {
      const bench = setUp({ spacing });
      await bench.queue.add(lookAt('a'));
      for (let i = 0; i < arrivals; i++) await bench.queue.add(lookAt('a'));
      await runOut(bench);
      expect(bench.runs).toHaveLength(arrivals === 0 ? 1 : 2);
    }),
    { numRuns: 30 },
  );
});
