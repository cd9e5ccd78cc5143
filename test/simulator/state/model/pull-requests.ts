import type { Account } from './accounts.ts';
import type { Repository } from './repository.ts';

export interface Label {
  readonly kind: 'Label';
  readonly id: number;
  readonly nodeId: string;
  readonly name: string;
}

export interface Review {
  readonly kind: 'PullRequestReview';
  readonly id: number;
  readonly nodeId: string;
  readonly pullRequest: PullRequest;
  readonly user: Account;
  readonly body: string;
  readonly sha: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly submittedAt: Date;
}

export interface ForcePush {
  readonly kind: 'HeadRefForcePushedEvent';
  readonly nodeId: string;
  readonly pullRequest: PullRequest;
  readonly before: string;
  readonly after: string;
  readonly actor: Account;
  readonly createdAt: Date;
}

export interface PullRequest {
  readonly kind: 'PullRequest';
  readonly id: number;
  readonly nodeId: string;
  readonly number: number;
  readonly repository: Repository;
  readonly author: Account;
  readonly title: string;
  readonly body: string;
  draft: boolean;
  state: 'open' | 'closed';
  mergedAt: Date | null;
  mergedBy: Account | null;
  mergeCommit: string | null;
  closedAt: Date | null;
  /** Null once the fork is gone. */
  headRepository: Repository | null;
  readonly headOwner: Account;
  readonly headBranch: string;
  headSha: string;
  readonly baseBranch: string;
  baseSha: string;
  /** Oldest first. */
  commits: readonly string[];
  readonly labels: Set<Label>;
  readonly reviews: Review[];
  readonly forcePushes: ForcePush[];
  readonly createdAt: Date;
  updatedAt: Date;
}
