import type { EnvironmentGuards } from '../github/environment-guards.ts';
import type { CommitSha, DeploymentId, NodeId } from '../github/ids.ts';
import type { DeploymentState } from '../changes/change.ts';

/** A pull request as far as the lifecycle cares. */
export interface PullRequestFacts {
  readonly number: number;
  readonly open: boolean;
  /** Null where they were not asked for. */
  readonly labels: readonly string[] | null;
}

/** What a deployment was made from. */
export type DeployedRef =
  /** `refs/pull/N/head` or `/merge`. */
  | { readonly kind: 'pull_request'; readonly name: string; readonly number: number }
  | { readonly kind: 'commit'; readonly name: string }
  /** Neither, as far as its name tells, nor one branch or tag: `HEAD`, `main~1`, `heads/main`. */
  | { readonly kind: 'unclear'; readonly name: string }
  /** A branch or a tag, without `refs/heads/`. `gone` is null where GitHub was not asked or did not say. */
  | { readonly kind: 'named'; readonly name: string; readonly gone: boolean | null };

/** A deployment's newest status. Times are milliseconds since the epoch, in whole seconds as GitHub gives them. */
export interface StatusFacts {
  readonly node: NodeId;
  readonly createdAt: number;
  readonly environmentUrl: string | null;
  readonly logUrl: string | null;
}

export interface DeploymentFacts {
  readonly id: DeploymentId;
  readonly node: NodeId;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The latest one, as spelled. */
  readonly environment: string;
  readonly sha: CommitSha;
  readonly ref: DeployedRef;
  /** What its creator said; null where that is not known, and then it is left alone where it matters. */
  readonly transient: boolean | null;
  readonly production: boolean | null;
  readonly state: DeploymentState;
  readonly status: StatusFacts | null;
  /**
   * The pull requests that it belongs to, in policy.md's sense, without those that do not count. Null where they
   * were not asked for or could not be read.
   */
  readonly pullRequests: readonly PullRequestFacts[] | null;
  /** Gates, or somebody's rule, hold it back: it is not stuck. Null where its gates were not asked. */
  readonly waitsForGate: boolean | null;
}

/** One environment as GitHub says it stands. */
export interface LifecycleSnapshot {
  readonly defaultBranch: string;
  /** In lower case. */
  readonly environment: string;
  /** GitHub's spelling of the environment itself; null where it does not exist (its deployments outlive it). */
  readonly environmentName: string | null;
  /** What forbids to delete the environment; where nobody asked null, which forbids it as well. */
  readonly guards: EnvironmentGuards;
  /** In no promised order. Where `complete` is false, the newest of them; what is older has ended. */
  readonly deployments: readonly DeploymentFacts[];
  readonly complete: boolean;
}
