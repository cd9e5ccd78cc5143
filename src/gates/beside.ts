import type { CommitSha } from '../github/ids.ts';

/** Another commit's deployment of the environment. */
export interface OtherDeployment {
  readonly sha: CommitSha;
  /** For people: `deployment 12 of 0123456789ab`. */
  readonly label: string;
}

/**
 * The environment's other deployments, as one candidate's gates see them: one a commit, and none of the candidate's own
 * commit, because deployments of the same commit count as one.
 */
export interface Beside {
  /** Those that are newer, and wait or were approved. Newest first. */
  readonly newer: readonly OtherDeployment[];
  /** Those that would be among them, but that may yet be rejected, or of which it is not known whether they are newer. */
  readonly mayBeNewer: readonly OtherDeployment[];
  /** Those that are queued, in progress, or approved and not done. */
  readonly underWay: readonly OtherDeployment[];
  /** A deployment of the candidate's own commit is under way. */
  readonly commitUnderWay: boolean;
  /** Older ones that are let through in this look. They are not among `underWay`. */
  readonly released: readonly OtherDeployment[];
  /** Older ones that wait for `max_in_progress` alone. */
  readonly ahead: readonly OtherDeployment[];
}
