import leven from 'leven';

/** Spelling that people mix up, and that should not count: `timeZone`, `time-zone`, `TIME_ZONE`. */
function plainSpelling(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}

export interface Nearest {
  readonly name: string;
  /** Letters to change; 0 where only hyphens, underscores or case differ. */
  readonly distance: number;
}

/** The candidate that `word` was probably meant to be, or null: more than half of it would have to change. */
export function nearestOf(word: string, candidates: Iterable<string>): Nearest | null {
  const meant = plainSpelling(word.slice(0, 100));
  let best: Nearest | null = null;
  for (const name of candidates) {
    const distance = leven(meant, plainSpelling(name));
    if (best === null || distance < best.distance) best = { name, distance };
  }
  if (best === null) return null;
  const longer = Math.max(meant.length, best.name.length);
  return best.distance <= Math.max(1, Math.floor(longer / 2)) ? best : null;
}

/** The name of {@link nearestOf}. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  return nearestOf(word, candidates)?.name ?? null;
}

/** For values, where a wrong guess is worse than none: at most a third may differ, unless one begins with the other. */
export function nearestValue(word: string, candidates: readonly string[]): string | null {
  const beginning = candidates.find((name) => word.length > 2 && (name.startsWith(word) || word.startsWith(name)));
  const best = nearestOf(word, candidates);
  if (best === null || best.distance * 3 > Math.max(word.length, best.name.length)) return beginning ?? null;
  return best.name;
}
