import type { Reach } from '../changes/brake.ts';
import type { Change } from '../changes/change.ts';
import { count, NOTHING, type Amounts } from '../changes/limits.ts';
import type { ProtectionKey } from '../changes/protection-change.ts';
import { environmentKey, type RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { asksGates, decideLifecycle } from '../lifecycle/decide.ts';
import { decideNextDue } from '../lifecycle/decide-due.ts';
import { environmentIsOver, hasEnded } from '../lifecycle/facts.ts';
import type { GovernedBy } from '../lifecycle/governed-by.ts';
import { NO_LOOKUPS } from '../lifecycle/lookup-documents.ts';
import { observeEnvironmentNames } from '../lifecycle/observe-environments.ts';
import { observeLifecycle, type GovernedEnvironment, type LifecycleCaches } from '../lifecycle/observe.ts';
import { observeListing, type ListedDeployment, type Listing } from '../lifecycle/observe-listing.ts';
import type { LifecycleSnapshot } from '../lifecycle/snapshot.ts';
import type { Policy } from '../policy/schema.ts';
import { decideProtection } from '../protection/decide.ts';
import { tellLeftOut } from '../protection/left-out.ts';
import { observeProtection } from '../protection/observe.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { lifecycleFor } from './governing-policy.ts';
import { planDeployKeys } from './plan-deploy-keys.ts';

/** What a policy would do to a whole repository. */
export interface Survey {
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
  /** The environments in which something would be done, or might be; in lower case. */
  readonly environments: ReadonlySet<string>;
  readonly reach: Reach;
  /** When time alone may ask for more, in milliseconds since the epoch; null: never. */
  readonly nextDue: number | null;
  /** Whether all that it was decided from shows in a listing: what changes outside of it would go unseen. */
  readonly isVisible: boolean;
}

/**
 * Decides a whole repository under a policy, with reads only.
 * @param question.guards whether environments that may go are looked at for what guards them, so that the plan is exact;
 * skipped, they are among `environments` and not among the changes.
 * @throws GitHubError
 */
export async function survey(
  github: GitHubReader,
  question: {
    readonly repository: RepositoryRef;
    readonly listing: Listing;
    readonly policy: Policy;
    readonly now: number;
    readonly caches: LifecycleCaches;
    readonly guards: 'read' | 'skip';
    /** False: environments are known not to be allowed to go. */
    readonly deletesEnvironments?: boolean;
    /** The environments that exist, as spelled. Left out or null: they are read where that matters. */
    readonly existing?: readonly string[] | null;
  },
): Promise<Survey> {
  const { repository, listing, now, caches, guards } = question;
  const governed = await governedEnvironments(github, question);
  const snapshots = await observeLifecycle(github, {
    repository,
    listing,
    environments: governed,
    now,
    caches,
    guards,
    flags: 'of all',
  });
  const environments = new Set<string>();
  const changes: Change[] = [];
  const findings: Finding[] = [];
  let amounts: Amounts = NOTHING;
  let open = 0;
  let ended = 0;
  let nextDue: number | null = null;
  let isVisible = listing.complete;
  for (const [i, snapshot] of snapshots.entries()) {
    const by = governed[i]?.by;
    if (by === undefined) continue;
    const decision = decideLifecycle({ snapshot, by, now });
    const some = count(decision.changes);
    amounts = { ...amounts, inactivate: amounts.inactivate + some.inactivate, delete: amounts.delete + some.delete };
    open += decision.governed.open;
    ended += decision.governed.ended;
    changes.push(...decision.changes);
    // Guards that were not asked for are no finding.
    findings.push(...decision.findings.filter(({ code }) => guards === 'read' || code !== 'environment_guarded'));
    const mayNeedLook = environmentIsOver(snapshot, by) || asksGates({ snapshot, by, now });
    if (decision.changes.length > 0 || mayNeedLook) environments.add(snapshot.environment);
    const due = decideNextDue({ snapshot, by, now });
    nextDue = nextDue === null || (due !== null && due < nextDue) ? due : nextDue;
    isVisible &&= isShown(snapshot, { by, listed: governed[i]?.deployments ?? [] });
  }
  const reach = { changes: amounts, governed: { open, ended } };
  return { changes, findings: deniedOnce(findings), environments, reach, nextDue, isVisible };
}

/** What is so in all environments is told once. */
function deniedOnce(findings: readonly Finding[]): readonly Finding[] {
  const denied = findings.find(({ code }) => code === 'environment_deletion_denied');
  return findings.filter((finding) => finding.code !== denied?.code || finding === denied);
}

/** A ref that is there though the listing does not show it may go without showing. */
function isShown(
  snapshot: LifecycleSnapshot,
  { by, listed }: { readonly by: GovernedBy; readonly listed: readonly ListedDeployment[] },
): boolean {
  const areFlagsIdle = by.transient && by.exact;
  const shown = new Set(listed.flatMap(({ id, ref }) => (ref === null ? [] : [id])));
  return snapshot.deployments.every(({ id, state, ref, production }) => {
    if (hasEnded(state)) return true;
    return (areFlagsIdle || production !== null) && (ref.kind !== 'named' || shown.has(id));
  });
}

/**
 * Lists a whole repository and decides it under a policy, exactly: with reads only, guards, protection and deploy keys among
 * them. Null where the repository cannot be read.
 * @throws GitHubError
 */
export async function planRepository(
  github: GitHubReader,
  question: {
    readonly repository: RepositoryRef;
    readonly policy: Policy;
    readonly now: number;
    readonly caches: LifecycleCaches;
    /** This app's number; left out, nobody knows whether its own rule is enabled. */
    readonly appId?: number;
  },
): Promise<Survey | null> {
  const listing = await listRepository(github, question.repository);
  if (listing === null) return null;
  const surveyed = await survey(github, { ...question, listing, guards: 'read' });
  const protection = await planProtection(github, question);
  const keys = await planDeployKeys(github, question);
  return {
    ...surveyed,
    changes: [...surveyed.changes, ...protection.changes, ...keys.changes],
    findings: [...surveyed.findings, ...protection.findings, ...keys.findings],
  };
}

/** What would be done about protection, drift or not. */
async function planProtection(
  github: GitHubReader,
  question: { readonly repository: RepositoryRef; readonly policy: Policy; readonly appId?: number },
): Promise<Pick<Survey, 'changes' | 'findings'>> {
  const leftOut = new Map<ProtectionKey, string>();
  const snapshot = await observeProtection(github, { ...question, leftOut });
  const { changes, findings } = decideProtection(snapshot, leftOut);
  return { changes, findings: [...findings, ...tellLeftOut(leftOut)] };
}

/**
 * Lists all deployments of a repository.
 * @throws GitHubError
 */
export function listRepository(github: GitHubReader, repository: RepositoryRef): Promise<Listing | null> {
  return observeListing(github, {
    repository,
    environment: null,
    spellings: [],
    withPolicyText: false,
    settledBefore: null,
    expected: 0,
    lookups: NO_LOOKUPS,
  });
}

async function governedEnvironments(
  github: GitHubReader,
  seen: {
    readonly repository: RepositoryRef;
    readonly listing: Listing;
    readonly policy: Policy;
    readonly deletesEnvironments?: boolean;
    readonly existing?: readonly string[] | null;
  },
): Promise<readonly GovernedEnvironment[]> {
  const byName = new Map<string, ListedDeployment[]>();
  for (const deployment of seen.listing.deployments) {
    const key = environmentKey(deployment.environment);
    const others = byName.get(key);
    if (others === undefined) byName.set(key, [deployment]);
    else others.push(deployment);
  }
  const { deletesEnvironments = true } = seen;
  const governed = [...byName].flatMap(([environment, deployments]) => {
    const by = lifecycleFor(seen.policy, environment);
    if (by === null) return [];
    return [
      { environment, by: { ...by, deleteEnvironment: by.deleteEnvironment && deletesEnvironments }, deployments },
    ];
  });
  const { existing } = seen;
  const names = existing
    ? new Map(existing.map((name) => [environmentKey(name), name]))
    : governed.some(({ by }) => by.deleteEnvironment)
      ? await observeEnvironmentNames(github, seen.repository)
      : new Map<string, string>();
  return governed.map((one) => ({ ...one, environmentName: names.get(one.environment) ?? null }));
}
