import type { EnvironmentEntry } from './schema.ts';

/** Whether an entry has any gate. An empty list is how a repository does without those of its organisation. */
export function hasGates(entry: Pick<EnvironmentEntry, 'gates'> | null): boolean {
  return (entry?.gates ?? []).length > 0;
}
