import { speaksOf } from '../policy/govern.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import type { Job } from './job.ts';
import type { JobContext } from './run-job.ts';

/** The repository whose policy is that of all its owner's. */
export const ORGANISATION_REPOSITORY = '.github';

/**
 * Where the owner's own policy has changed, has every repository of the owner looked at, through the queue and paced:
 * those that it governs now, and those that it did. Not waited for: what is lost of it, the sweep sees.
 */
export function fanOutToOrganisation(context: JobContext, job: Job, loaded: LoadedPolicy): void {
  const { memory } = context;
  const { repository } = job;
  if (repository.name.toLowerCase() !== ORGANISATION_REPOSITORY || job.scope.kind !== 'policy') return;
  const file = loaded.governing.files.repository;
  const before = memory.organisations.get(repository.id);
  memory.organisations.set(repository.id, file);
  if (before === file) return;
  const governs = (name: string): boolean =>
    before === undefined ||
    [before, file].some((one) => speaksOf(one, { owner: repository.owner, name }, memory.policies));
  context.lookAtInstallation(job.installation, {
    reason: 'organisation policy',
    matches: (name) => name.toLowerCase() !== ORGANISATION_REPOSITORY && governs(name),
  });
}
