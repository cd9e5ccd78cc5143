import { environmentKey } from '../github/ids.ts';
import type { ListedDeployment } from '../lifecycle/observe-listing.ts';
import type { Job } from './job.ts';
import { environmentMemoryKey } from './memory.ts';
import type { JobContext } from './run-job.ts';

/** How environments are spelled, and how many deployments they have: both help to ask less. */
export function rememberEnvironments(
  { memory }: Pick<JobContext, 'memory'>,
  { repository }: Job,
  deployments: readonly ListedDeployment[],
): void {
  const sizes = new Map<string, number>();
  const names = new Set<string>();
  for (const { environment, originalEnvironment } of deployments) {
    const key = environmentMemoryKey(repository, environmentKey(environment));
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
    names.add(environment).add(originalEnvironment);
  }
  for (const [key, size] of sizes) memory.sizes.set(key, size);
  for (const name of names) memory.spellings.see(repository.id, name);
}
