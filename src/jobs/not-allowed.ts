import type { ProtectionChange, ProtectionKey } from '../changes/protection-change.ts';
import { environmentKey } from '../github/ids.ts';
import type { Finding } from '../reports/reason-codes.ts';
import type { Job } from './job.ts';
import type { JobContext } from './run-job.ts';

/** What GitHub refused under one version of a policy and one set of permissions. It is not tried again under these. */
export interface NotAllowed {
  readonly under: string;
  /** What a plan or a permission does not allow at all, with GitHub's words. */
  readonly keys: Map<ProtectionKey, string>;
  /** Single changes by {@link changeKey}, with GitHub's words. */
  readonly changes: Map<string, string>;
  /** That environments may not be deleted, or not be known to be free for it. */
  deletion: Finding | null;
}

/** What is not allowed may be allowed once this is another word. */
export function askedUnder(
  { clients }: Pick<JobContext, 'clients'>,
  { installation }: Pick<Job, 'installation'>,
  version: string,
): string {
  return `${version} ${clients.permissions(installation)}`;
}

/** What is known not to be allowed: nothing, once the policy or the permissions have changed. */
export function knownNotAllowed(
  context: Pick<JobContext, 'memory' | 'clients'>,
  job: Pick<Job, 'installation' | 'repository'>,
  version: string,
): NotAllowed {
  const { memory } = context;
  const { repository } = job;
  const under = askedUnder(context, job, version);
  const known = memory.notAllowed.get(repository.id);
  if (known?.under === under) return known;
  const nothing: NotAllowed = { under, keys: new Map(), changes: new Map(), deletion: null };
  memory.notAllowed.set(repository.id, nothing);
  return nothing;
}

/** The changes that may be tried: whatever is sent to an environment that could not be made would make it. */
export function allowedChanges(
  changes: readonly ProtectionChange[],
  notAllowed: NotAllowed,
): readonly ProtectionChange[] {
  const isRefused = (change: ProtectionChange): boolean => notAllowed.changes.has(changeKey(change));
  const unmade = new Set(
    changes.flatMap((change) =>
      change.kind === 'create_environment' && isRefused(change) ? [environmentKey(change.environment)] : [],
    ),
  );
  return changes.filter((change) => !isRefused(change) && !unmade.has(environmentKey(change.environment)));
}

/** The same for the same change, whatever the environment was like when it was decided. */
export function changeKey(change: ProtectionChange): string {
  const { kind, environment } = change;
  switch (change.kind) {
    case 'create_environment':
      return JSON.stringify([kind, environment]);
    case 'environment_setting':
      return JSON.stringify([kind, environment, change.to]);
    case 'add_branch_pattern':
    case 'remove_branch_pattern':
      return JSON.stringify([kind, environment, change.pattern]);
    case 'enable_custom_rule':
      return JSON.stringify([kind, environment, change.app.id]);
    case 'set_variable':
      return JSON.stringify([kind, environment, change.name, change.to]);
  }
}
