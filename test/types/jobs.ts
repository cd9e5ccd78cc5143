import type { Job, Scope } from '../../src/jobs/job.ts';

export function aJobSaysWhatToLookAt(job: Job): void {
  // @ts-expect-error -- a job is a value: what it looks at does not change on its way
  job.reason = 'sweep';
  // @ts-expect-error -- the same for its repository
  job.repository.name = 'store';
}

export function anEnvironmentsScopeNamesIt(): Scope {
  // @ts-expect-error -- which environment?
  return { kind: 'environment' };
}

export function aScopeIsOneOfAList(): Scope {
  // @ts-expect-error -- GitHub has releases, jobs do not look at them
  return { kind: 'release' };
}
