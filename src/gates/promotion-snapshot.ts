import type { DeploymentState } from '../changes/change.ts';
import type { Strays } from '../changes/gate-change.ts';
import type { CommitSha, DeploymentId } from '../github/ids.ts';
import type { Fact } from './snapshot.ts';

/** What `promote` looks at, as it stood at one moment. Times are milliseconds since the epoch. */
export interface PromotionSnapshot {
  /** Where deployments are promoted to; as GitHub spells it. */
  readonly environment: string;
  /**
   * Committer date of the commit on the default branch with which this entry's `promote` landed. Unreadable, or not
   * known: nothing is promoted.
   */
  readonly landedAt: Fact<number>;
  /** The newest deployments of the environment that is promoted from, back to the oldest that is successful now. */
  readonly sources: Fact<readonly PromotionSource[]>;
  /** Of the sources' commits: those with a deployment in the environment that is promoted to, whatever became of it. */
  readonly deployedHere: Fact<ReadonlySet<CommitSha>>;
  /** Deployments that this app created here and that became ones of another commit. They count for nothing. */
  readonly strays: Strays;
}

/** A deployment of the environment that is promoted from. */
export interface PromotionSource {
  readonly id: DeploymentId;
  readonly sha: CommitSha;
  /** As the deployment names it: a branch, a tag or a commit. */
  readonly ref: string;
  readonly task: string;
  /** As GitHub gave it: an object or a text. */
  readonly payload: Readonly<Record<string, unknown>> | string;
  readonly createdAt: number;
  readonly state: DeploymentState;
  /** Since when it has been successful without a break; null where it is not successful now. */
  readonly succeededAt: number | null;
  /** The ref still points at the commit. This and `newerHere` are asked of those alone that `dueSources` names. */
  readonly refHolds: Fact<boolean>;
  /** A descendant of the commit has a deployment in the environment that is promoted to. */
  readonly newerHere: Fact<boolean>;
}
