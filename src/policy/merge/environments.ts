import { environmentKey } from '../../github/ids.ts';
import { isPattern } from '../pattern.ts';
import { includesPattern } from '../pattern-inclusion.ts';
import type { Budget } from '../pattern-machine.ts';
import type { EnvironmentEntry } from '../schema.ts';
import { originIn, type Overruled, type PolicySource, type Trace } from './effective.ts';

const SECTIONS = ['protection', 'gates', 'bypass', 'promote', 'lifecycle'] as const;

/** How much work finding out which patterns a locked pattern covers may cost, over a whole file. */
const INCLUSION_STEPS = 100_000;

interface Placed {
  readonly entry: EnvironmentEntry;
  readonly source: PolicySource;
  readonly index: number;
}

export interface MergedEntries {
  readonly environments: readonly EnvironmentEntry[];
  readonly traces: readonly Trace[];
  readonly overruled: readonly Overruled[];
}

/**
 * Locked entries of the organisation's first, whole; then the repository's, each with what an unlocked entry of the same
 * name says and it does not; then the organisation's others.
 */
export function mergeEntries(organisation: PolicySource, repository: PolicySource | null): MergedEntries {
  const theirs = placed(organisation);
  const ours = repository === null ? [] : placed(repository);
  const locked = theirs.filter(({ entry }) => entry.locked);
  const unlocked = new Map(
    theirs.filter(({ entry }) => !entry.locked).map((item) => [environmentKey(item.entry.name), item]),
  );
  const merged: { readonly entry: EnvironmentEntry; readonly traces: readonly Omit<Trace, 'path'>[] }[] = [];
  for (const item of locked) merged.push({ entry: { ...item.entry, rank: 0, own: false }, traces: [whole(item)] });
  for (const own of ours) {
    const key = environmentKey(own.entry.name);
    const base = unlocked.get(key);
    unlocked.delete(key);
    merged.push(base === undefined ? { entry: { ...own.entry, rank: 1 }, traces: [whole(own)] } : layOver(base, own));
  }
  for (const item of unlocked.values()) {
    merged.push({ entry: { ...item.entry, rank: 2, own: false }, traces: [whole(item)] });
  }
  return {
    environments: merged.map(({ entry }) => entry),
    traces: merged.flatMap(({ traces }, index) =>
      traces.map(({ source, from }) => ({ source, from, path: ['environments', index, ...from.slice(2)] })),
    ),
    overruled: overruledBy(locked, ours),
  };
}

function placed(source: PolicySource): readonly Placed[] {
  return source.policy.environments.map((entry, index) => ({ entry, source, index }));
}

function whole({ source, index }: Placed): Omit<Trace, 'path'> {
  return { source, from: ['environments', index] };
}

/** The repository's entry over the organisation's of the same name, key by key at the first level. */
function layOver(base: Placed, own: Placed) {
  const unusable = [...base.entry.unusable, ...own.entry.unusable];
  const rank = 1;
  if (unusable.length > 0) {
    const broken = own.entry.unusable.length > 0 ? own : base;
    return { entry: { ...broken.entry, name: own.entry.name, unusable, rank, own: true }, traces: [whole(own)] };
  }
  const taken = SECTIONS.filter((section) => own.entry[section] === undefined && base.entry[section] !== undefined);
  return {
    entry: { ...base.entry, ...own.entry, rank, own: true },
    traces: [
      whole(own),
      ...taken.map((section) => ({ source: base.source, from: ['environments', base.index, section] })),
    ],
  };
}

/** The repository's entries that can never count, because a locked entry matches all that they do. */
function overruledBy(locked: readonly Placed[], ours: readonly Placed[]): readonly Overruled[] {
  const budget: Budget = { steps: INCLUSION_STEPS };
  return ours.flatMap((own) => {
    const by = locked.find(({ entry }) => takesOver(entry.name, own.entry.name, budget));
    if (by === undefined) return [];
    const path = ['environments', own.index];
    const message = `The entry ${JSON.stringify(own.entry.name)} does not count: the organisation has locked ${JSON.stringify(by.entry.name)}.`;
    return [{ path, at: originIn(own.source, path), by: originIn(by.source, ['environments', by.index]), message }];
  });
}

function takesOver(outer: string, inner: string, budget: Budget): boolean {
  if (environmentKey(outer) === environmentKey(inner)) return true;
  return isPattern(outer) && includesPattern({ outer, inner, letters: 'ignore-case' }, budget);
}
