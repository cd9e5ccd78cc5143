import type { RepositoryRef } from '../github/ids.ts';
import type { Finding } from '../reports/reason-codes.ts';
import type { ProcessMemory } from './memory.ts';

/** What one source last found. What happened once (a refusal) is told for a day; the rest as long as it is found. */
export interface SourcedFindings {
  readonly standing: readonly Finding[];
  readonly happened: readonly { readonly finding: Finding; readonly at: number }[];
}

const DAY = 86_400_000;
/** Of one source. More than this, and nobody reads them. */
const MOST_HAPPENED = 100;

/** Where something was found: in an environment, by its name in lower case. */
export function environmentSource(environment: string): string {
  return `environment ${environment}`;
}

/**
 * Remembers what a source (an environment, or `''` for the repository) found, in the place of what it
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
  const lately = [
    ...before.happened.filter(({ at }) => now - at < DAY),
    ...found.happened.map((finding) => ({ finding, at: now })),
  ];
  // The same refusal, however often, is one thing to tell.
  const each = new Map(lately.map((one) => [JSON.stringify(one.finding), one]));
  const happened = [...each.values()].slice(-MOST_HAPPENED);
  if (standing.length + happened.length === 0) known.delete(source);
  else known.set(source, { standing, happened });
  memory.findings.set(repository.id, known);
  const told = ({ standing: a, happened: b }: SourcedFindings) => JSON.stringify([a, b.map(({ finding }) => finding)]);
  return told(before) !== told({ standing, happened });
}

/** Forgets what was found in all environments but these, and everywhere what happened more than a day ago. */
export function forgetFindings(
  memory: ProcessMemory,
  left: { readonly repository: RepositoryRef; readonly except: ReadonlySet<string>; readonly now: number },
): void {
  const known = memory.findings.get(left.repository.id);
  const kept = new Set([...left.except].map(environmentSource));
  const isOver = (source: string): boolean => source.startsWith(environmentSource('')) && !kept.has(source);
  for (const [source, found] of known ?? []) {
    const happened = found.happened.filter(({ at }) => left.now - at < DAY);
    const standing = isOver(source) ? [] : found.standing;
    if (standing.length + happened.length === 0) known?.delete(source);
    else known?.set(source, { standing, happened });
  }
}

/** Everything that is to be reported about a repository, in a stable order, each thing once. */
export function allFindings(memory: ProcessMemory, repository: RepositoryRef): readonly Finding[] {
  const known = [...(memory.findings.get(repository.id) ?? new Map<string, SourcedFindings>())];
  const all = known
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { standing, happened }]) => [...standing, ...happened.map(({ finding }) => finding)]);
  return [...new Map(all.map((finding) => [JSON.stringify(finding), finding])).values()];
}
