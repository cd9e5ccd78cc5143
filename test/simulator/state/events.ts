import type {
  Account,
  CheckRun,
  CheckSuite,
  CommitStatus,
  Deployment,
  DeploymentStatus,
  DeployKey,
  Installation,
  Label,
  PullRequest,
  Repository,
  Review,
  WorkflowRun,
} from './model.ts';
import type { Commit } from './git.ts';

/** Something that GitHub tells installations about. `webhooks/` makes payloads of them. */
export type WorldEvent = { readonly sender: Account } & (
  | { readonly name: 'deployment'; readonly deployment: Deployment; readonly run?: WorkflowRun }
  | { readonly name: 'deployment_status'; readonly status: DeploymentStatus }
  | {
      readonly name: 'pull_request';
      readonly action: 'opened' | 'closed' | 'reopened' | 'labeled' | 'unlabeled' | 'synchronize';
      readonly pullRequest: PullRequest;
      readonly label?: Label;
      readonly before?: string;
      readonly after?: string;
    }
  | {
      readonly name: 'pull_request_review';
      readonly action: 'submitted' | 'dismissed';
      readonly review: Review;
    }
  | {
      readonly name: 'push';
      readonly repository: Repository;
      readonly ref: string;
      readonly before: Commit | null;
      readonly after: Commit | null;
      readonly commits: readonly Commit[];
      readonly forced: boolean;
    }
  | { readonly name: 'create' | 'delete'; readonly repository: Repository; readonly ref: string }
  | { readonly name: 'status'; readonly repository: Repository; readonly status: CommitStatus }
  | {
      readonly name: 'check_run';
      readonly action: 'created' | 'completed' | 'rerequested' | 'requested_action';
      readonly checkRun: CheckRun;
      readonly identifier?: string;
    }
  | {
      readonly name: 'check_suite';
      readonly action: 'requested' | 'rerequested' | 'completed';
      readonly suite: CheckSuite;
    }
  | {
      readonly name: 'deployment_protection_rule';
      readonly environment: string;
      readonly deployment: Deployment;
      readonly run: WorkflowRun;
    }
  | {
      readonly name: 'deploy_key';
      readonly action: 'created' | 'deleted';
      readonly repository: Repository;
      readonly key: DeployKey;
    }
  | {
      readonly name: 'repository';
      readonly action:
        | 'created'
        | 'archived'
        | 'unarchived'
        | 'renamed'
        | 'transferred'
        | 'edited'
        | 'deleted'
        | 'privatized'
        | 'publicized';
      readonly repository: Repository;
      readonly changes?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly name: 'installation';
      readonly action: 'created' | 'deleted' | 'suspend' | 'unsuspend' | 'new_permissions_accepted';
      readonly installation: Installation;
    }
  | {
      readonly name: 'installation_repositories';
      readonly action: 'added' | 'removed';
      readonly installation: Installation;
      readonly repositories: readonly Repository[];
    }
);
