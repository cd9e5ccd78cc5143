import type { RepositoryRef } from '../github/ids.ts';
import type { Finding } from '../reports/reason-codes.ts';
import type { ProcessMemory } from './memory.ts';

/** What one source last found. What happened once (a refusal) is told for a day; the rest as long as it is found. */
export interface SourcedFindings {
  readonly standing: readonly Finding[];
  readonly happened: readonly { readonly finding: Finding; readonly at: number }[];
}

const DAY = 86_400_000;

/**
 * Remembers what a source (an environment in lower case, or `''` for the repository) found, in the place of what it
 * found before. Tells whether that makes a difference to what should be reported.
 */
export function rememberFindings(
  memory: ProcessMemory,
  found: {
    readonly repository: RepositoryRef;
    readonly source: string;
    readonly standing: readonly Finding[];
    readonly happened: readonly Finding[];
    readonly now: number;
  },
): boolean {
  const { repository, source, standing, now } = found;
  const known = memory.findings.get(repository.id) ?? new Map<string, SourcedFindings>();
  const before = known.get(source) ?? { standing: [], happened: [] };
  const happened = [
    ...before.happened.filter(({ at }) => now - at < DAY),
    ...found.happened.map((finding) => ({ finding, at: now })),
  ];
  if (standing.length + happened.length === 0) known.delete(source);
  else known.set(source, { standing, happened });
  memory.findings.set(repository.id, known);
  const told = ({ standing: a, happened: b }: SourcedFindings) => JSON.stringify([a, b.map(({ finding }) => finding)]);
  return told(before) !== told({ standing, happened });
}

/** Everything that is to be reported about a repository, in a stable order, each thing once. */
export function allFindings(memory: ProcessMemory, repository: RepositoryRef): readonly Finding[] {
  const known = [...(memory.findings.get(repository.id) ?? new Map<string, SourcedFindings>())];
  const all = known
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { standing, happened }]) => [...standing, ...happened.map(({ finding }) => finding)]);
  return [...new Map(all.map((finding) => [JSON.stringify(finding), finding])).values()];
}
