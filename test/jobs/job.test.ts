import { describe, expect, test } from '@jest/globals';
import { installationId, repositoryId } from '../../src/github/trusted.ts';
import { jobKey, mergeJobs, type Job } from '../../src/jobs/job.ts';

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

  test('a sweep that waits stays a sweep', () => {
    expect(mergeJobs({ ...base, reason: 'sweep' }, base).reason).toBe('sweep');
    expect(mergeJobs(base, { ...base, reason: 'sweep' }).reason).toBe('sweep');
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
