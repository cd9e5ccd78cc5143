import leven from 'leven';

/** Spelling that people mix up, and that should not count: `timeZone`, `time-zone`, `TIME_ZONE`. */
function plainSpelling(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}

/** The candidate that `word` was probably meant to be, or null where none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const meant = plainSpelling(word.slice(0, 100));
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of candidates) {
    const distance = leven(meant, plainSpelling(name));
    if (best === null || distance < best.distance) best = { name, distance };
  }
  if (best === null) return null;
  const longer = Math.max(meant.length, best.name.length);
  return best.distance <= Math.max(1, Math.floor(longer / 2)) ? best.name : null;
}
