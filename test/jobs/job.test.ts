import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { deploymentId, installationId, repositoryId } from '../../src/github/trusted.ts';
import { createEnvironmentSpellings } from '../../src/github/environment-spellings.ts';
import { learnSpellings, withSpellings } from '../../src/jobs/carry-spellings.ts';
import { readJob, writeJob } from '../../src/jobs/job-schema.ts';
import { jobKey, mergeJobs, runsThatAsk, withoutAskers, type Job } from '../../src/jobs/job.ts';
import { leaveToNextSweep } from '../../src/jobs/sweep/leave-to-next-sweep.ts';

const base: Job = {
  installation: installationId(1),
  repository: { id: repositoryId(7), owner: 'acme', name: 'shop' },
  scope: { kind: 'repository' },
  reason: 'delete',
};

describe('mergeJobs', () => {
  test('the merged job looks at what either would have looked at', () => {
    const a: Job = { ...base, about: [{ kind: 'ref', ref: 'a' }] };
    const b: Job = { ...base, about: [{ kind: 'ref', ref: 'b' }] };
    expect(mergeJobs(a, b).about).toEqual([
      { kind: 'ref', ref: 'a' },
      { kind: 'ref', ref: 'b' },
    ]);
  });

  test('a job about everything stays about everything', () => {
    expect(mergeJobs(base, { ...base, about: [{ kind: 'ref', ref: 'b' }] }).about).toBeUndefined();
    expect(mergeJobs({ ...base, about: [{ kind: 'ref', ref: 'b' }] }, base).about).toBeUndefined();
  });

  test('more subjects than are worth it become everything', () => {
    const many = (from: number): Job => ({
      ...base,
      about: Array.from({ length: 15 }, (_, i) => ({ kind: 'ref', ref: `r${from + i}` }) as const),
    });
    expect(mergeJobs(many(0), many(15)).about).toBeUndefined();
    expect(mergeJobs(many(0), many(0)).about).toHaveLength(15);
  });

  test('presses of one person, however many, take nobody else’s away', () => {
    const by = (login: string, i: number): Job => ({
      ...base,
      presses: [{ button: 'bypass', by: login, sha: String(i).padStart(40, '0') }],
    });
    const presses = [by('carol', 0), ...Array.from({ length: 50 }, (_, i) => by('mallory', i + 1)), by('bob', 51)];
    const merged = presses.reduce(mergeJobs).presses ?? [];
    expect(merged).toHaveLength(20);
    expect([merged.at(0)?.by, merged.at(1)?.by, merged.at(-1)?.by]).toEqual(['carol', 'mallory', 'bob']);
    expect(Number(merged.at(-2)?.sha)).toBe(50);
  });

  test('a sweep that waits stays a sweep', () => {
    expect(mergeJobs({ ...base, reason: 'sweep' }, base).reason).toBe('sweep');
    expect(mergeJobs(base, { ...base, reason: 'sweep' }).reason).toBe('sweep');
  });

  test('what a timer asks for at an environment is not left to the next sweep', async () => {
    const scope = { kind: 'environment', environment: 'production' } as const;
    const sweep: Job = { ...base, scope, reason: 'sweep' };
    const timer: Job = { ...base, scope, reason: 'timer', about: [{ kind: 'waiting' }] };
    const ran: string[] = [];
    const run = leaveToNextSweep(({ reason }) => Promise.resolve(void ran.push(reason)), {
      maySpend: () => false,
      log: pino({ level: 'silent' }),
    });
    for (const job of [mergeJobs(sweep, timer), mergeJobs(timer, sweep), mergeJobs(sweep, sweep)]) await run(job);
    expect(ran).toEqual(['timer', 'timer']);
  });
});

describe('runs that ask', () => {
  const scope = { kind: 'environment', environment: 'production' } as const;
  const asks = (run: number): Job => ({
    ...base,
    scope,
    about: [
      { kind: 'waiting_run', run, deployment: deploymentId(run), createdAt: '2026-03-02T09:00:00Z' },
      { kind: 'deployment', id: run, createdAt: '2026-03-02T09:00:00Z' },
    ],
  });

  test.each([2, 10, 11, 12, 25, 60])('%i that ask while a job waits are named still', (count) => {
    const all = Array.from({ length: count }, (_, i) => asks(i + 1));
    const merged = all.reduce(mergeJobs);
    expect(runsThatAsk(merged).map(({ run }) => run)).toEqual(all.map((_, i) => i + 1));
    expect(readJob(writeJob(merged))).toEqual(merged);
    // Whoever else asks for a look asks for no less.
    const everything = mergeJobs(merged, { ...base, scope });
    expect([everything.about, runsThatAsk(everything).length]).toEqual([undefined, count]);
  });

  test('concern the environment where they ask, and no other job', () => {
    const merged = Array.from({ length: 60 }, (_, i) => asks(i + 1)).reduce(mergeJobs);
    expect(runsThatAsk(withoutAskers(merged))).toEqual([]);
  });
});

describe('jobKey', () => {
  test('a rename keeps the key, another repository or scope has another', () => {
    const renamed: Job = { ...base, repository: { ...base.repository, name: 'store' } };
    expect(jobKey(renamed)).toBe(jobKey(base));
    expect(jobKey({ ...base, repository: { ...base.repository, id: repositoryId(8) } })).not.toBe(jobKey(base));
    expect(jobKey({ ...base, scope: { kind: 'policy' } })).not.toBe(jobKey(base));
    expect(jobKey({ ...base, scope: { kind: 'environment', environment: 'policy' } })).not.toBe(
      jobKey({ ...base, scope: { kind: 'policy' } }),
    );
  });
});

describe('a job that waits outside of the process', () => {
  const environment: Job = { ...base, scope: { kind: 'environment', environment: 'review/ä' } };
  const whole: readonly Job[] = [
    base,
    environment,
    { ...base, scope: { kind: 'policy', pullRequest: 3 }, deliveries: ['d-1'], announces: true },
    { ...base, scope: { kind: 'protection' }, about: [] },
    {
      ...environment,
      spellings: ['Review/Ä'],
      about: [
        { kind: 'pull_request', number: 1, headRef: null },
        { kind: 'ref', ref: 'feature/x' },
        { kind: 'deployment', id: 5, createdAt: '2026-03-02T09:00:00Z', pullRequest: 1 },
      ],
    },
  ];

  test.each(whole.map((job, i) => [i, job] as const))('is read back as it was written (%i)', (_i, job) => {
    expect(readJob(writeJob(job))).toEqual(job);
  });

  const refused: readonly (readonly [string, unknown])[] = [
    ['no object', 'job'],
    ['no repository', { ...base, repository: undefined }],
    ['an owner that leads elsewhere', { ...base, repository: { ...base.repository, owner: '../x' } }],
    ['a name that leads elsewhere', { ...base, repository: { ...base.repository, name: '..' } }],
    ['an id that is no number', { ...base, installation: '1' }],
    ['an unknown scope', { ...base, scope: { kind: 'everything' } }],
    ['an environment that is no key', { ...base, scope: { kind: 'environment', environment: 'Production' } }],
    ['a subject of another kind', { ...base, about: [{ kind: 'commit' }] }],
  ];

  test.each(refused)('is no job: %s', (_title, value) => {
    expect(readJob(JSON.stringify(value))).toBeNull();
  });

  test('is no job: text that is no JSON', () => {
    expect(readJob('{')).toBeNull();
  });

  test('loses what a newer version added, and nothing else', () => {
    expect(readJob(JSON.stringify({ ...base, colour: 'green' }))).toEqual(base);
  });

  test('tells the process that runs it how its environment is spelled', async () => {
    const [here, there] = [createEnvironmentSpellings(), createEnvironmentSpellings()];
    here.see(base.repository.id, 'Review/Ä');
    const merged = mergeJobs(withSpellings(environment, here), { ...environment, spellings: ['REVIEW/Ä'] });
    await learnSpellings(() => Promise.resolve(), there)(merged);
    expect(there.spellings(base.repository.id, 'review/ä')).toEqual(['Review/Ä', 'REVIEW/Ä']);
    expect(withSpellings(base, here)).toBe(base);
  });
});
