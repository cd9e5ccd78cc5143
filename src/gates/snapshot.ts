import type { DeploymentState } from '../changes/change.ts';
import type { CommitSha, DeploymentId } from '../github/ids.ts';
import type { Bypassing } from '../reports/gate-decision.ts';

/** Something that GitHub was asked. What could not be read makes a gate wait, never pass. */
export type Fact<T> =
  | { readonly kind: 'known'; readonly value: T }
  /** `why`: a phrase for people. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** One environment and what its gates ask about, as it stood at one moment. Times are milliseconds since the epoch. */
export interface GatesSnapshot {
  /** As GitHub spells it. */
  readonly environment: string;
  /** What waits for an answer, oldest first (by creation, then by id). */
  readonly candidates: readonly Candidate[];
  /** The environment's deployments that are not known to have ended, the candidates' own among them. */
  readonly standing: Fact<readonly StandingDeployment[]>;
}

/** A deployment that the gates are asked about. */
export interface Candidate {
  /** What it is remembered by: `deployment/123` for the API's, `run/456/1/789` (run, attempt and
   * deployment, the last where it is known) for Actions'. */
  readonly key: string;
  /** Null: it has not happened (`explain`), or GitHub did not say which it is. */
  readonly deployment: DeploymentId | null;
  /** The run of Actions that waits; null for a deployment that was made through the API. */
  readonly run: { readonly id: number; readonly attempt: number } | null;
  readonly sha: CommitSha;
  readonly ref: DeployedRef;
  /** Null: GitHub lists the run's deployment no sooner than this. A run may have begun long before its job asked. */
  readonly createdAt: number | null;
  /** For Actions: who triggered the run's latest attempt. For a promotion: who created the source. */
  readonly creator: Fact<Actor>;
  /** Presses of the Bypass button on this commit in this environment, by people who may. */
  readonly bypasses: readonly Bypassing[];
  readonly facts: CandidateFacts;
}

export interface DeployedRef {
  /** `commit`: a bare commit, or `refs/pull/…`. */
  readonly kind: 'branch' | 'tag' | 'commit';
  /** The short name, or the commit. */
  readonly name: string;
  /** Of a commit: the branch or tag that it was made of, where nobody can tell which of the two that was. */
  readonly of?: string;
}

export interface Actor {
  readonly login: string;
  /** The slug of the GitHub App whose bot it is; null for people. */
  readonly app: string | null;
}

/** What the gates ask about one candidate. A fact that no gate asks for is not read. */
export interface CandidateFacts {
  /** For a commit: the branches among those that the `ref` gate's patterns match that contain it. */
  readonly containedIn: Fact<readonly string[]>;
  /** Of the teams that the gates list: the slugs, in lower case, of those that the creator is a member of. */
  readonly creatorTeams: Fact<ReadonlySet<string>>;
  /** Every check run and status of the commit, older ones of the same name among them. */
  readonly checks: Fact<readonly CommitCheck[]>;
  readonly pullRequests: Fact<readonly CommitPullRequest[]>;
  /** By environment (in lower case): the newest deployment of the same commit there; null where there is none. */
  readonly elsewhere: ReadonlyMap<string, Fact<ElsewhereDeployment | null>>;
  /** How the commit lies to the environment's active one. */
  readonly ancestry: Fact<'nothing_active' | 'same' | 'descendant' | 'ancestor' | 'diverged' | 'active_gone'>;
  /** A deployment of this commit has succeeded in this environment before. */
  readonly succeededHere: Fact<boolean>;
}

export interface CommitCheck {
  readonly kind: 'check_run' | 'status';
  /** The app's slug, or for a status its creator's login; with the name it says which checks are one. */
  readonly app: string;
  /** The check run's name or the status' context. */
  readonly name: string;
  /** `status` of a check run that has not completed, else its conclusion; a status' state. In lower case. */
  readonly state: string;
  /** Which of the same app and name is the newest: when it started, then its id. */
  readonly startedAt: number;
  /** When it got its conclusion; null while it has none. */
  readonly finishedAt: number | null;
  readonly id: number;
  /** It is this app's own. */
  readonly own: boolean;
  /** The workflow run that it is a job of. */
  readonly run: number | null;
}

export interface CommitPullRequest {
  readonly number: number;
  readonly state: 'open' | 'merged' | 'closed';
  /** The branch that it goes into. */
  readonly base: string;
  /** People who can write whose latest review approves. */
  readonly approvals: number;
}

export interface ElsewhereDeployment {
  readonly id: DeploymentId;
  readonly state: DeploymentState;
  /** Since when it has been successful (or was, if it was made inactive since); null: it has not been. */
  readonly succeededAt: number | null;
}

export interface StandingDeployment {
  readonly id: DeploymentId | null;
  readonly sha: CommitSha;
  /** Null: as with a candidate. */
  readonly createdAt: number | null;
  readonly state: DeploymentState;
  /** What the app has said of it; null: nothing that is known. */
  readonly answered: 'approved' | 'rejected' | null;
  /** The candidate that it is, if it is one. */
  readonly candidate: string | null;
  /** Unless it was answered, it may still ask: it waits, and whether it will be let through is not known. */
  readonly mayAsk: boolean;
}

/** A check run of this app's that says what gates said before. What is remembered of it is written there alone. */
export interface OwnCheckRun {
  readonly id: number;
  readonly name: string;
  /** Its `external_id`. */
  readonly digest: string;
  readonly title: string;
  readonly summary: string;
}

/** What such a check run remembers. */
export interface GateMemory {
  /** By the keys of candidates. */
  readonly answered: ReadonlyMap<string, 'approved' | 'rejected'>;
  readonly bypasses: readonly Bypassing[];
}
