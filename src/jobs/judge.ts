import { isSweeping, type Reach } from '../changes/brake.ts';

/** Which version of a repository's policy is acted on, and which waits for a sweep because it would do so much. */
export interface Judged {
  readonly accepted: string;
  readonly held: string | null;
}

/** What is to be done under a version of a policy. */
export type Verdict =
  /** Act. */
  | 'accepted'
  /** Another version was acted on so far: the whole repository has to be looked at first. */
  | 'changed'
  /** It would do so much that it waits for the next sweep. */
  | 'held';

/** A policy that is seen for the first time is not a changed one. */
export function verdictOn(version: string, known: Judged | undefined): Verdict {
  if (known === undefined || known.accepted === version) return 'accepted';
  return known.held === version ? 'held' : 'changed';
}

/**
 * Judges a changed policy by what it would do to the whole repository. A sweep that finds it held already lets it
 * pass: that was the sweep that it had to wait for.
 */
export function judge(input: {
  readonly version: string;
  readonly known: Judged | undefined;
  readonly reach: Reach;
  readonly isSweep: boolean;
}): Judged {
  const { version, known, reach, isSweep } = input;
  const accepted: Judged = { accepted: version, held: null };
  if (known === undefined || known.accepted === version) return accepted;
  if (known.held === version) return isSweep ? accepted : known;
  return isSweeping(reach) ? { accepted: known.accepted, held: version } : accepted;
}

/** Whether a version is known to be acted on: one that nobody has seen is not. */
export function judgedAccepted(version: string, known: Judged | undefined): boolean {
  return known?.accepted === version && known.held === null;
}
