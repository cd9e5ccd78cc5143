import type { EndingRule } from '../reports/status-text.ts';
import { byAge, isActive, isInFlight, lastHeardOf, pullRequestIsClosed, refIsGone } from './facts.ts';
import type { GovernedBy } from './governed-by.ts';
import type { DeploymentFacts } from './snapshot.ts';

const HOUR = 3_600_000;

/** Why a deployment is to end, and in which state. */
export interface Ending {
  readonly state: 'inactive' | 'error';
  readonly rule: EndingRule;
  /** The newer deployment that took its place, where that is the reason. */
  readonly successor?: DeploymentFacts;
}

interface Case {
  readonly deployment: DeploymentFacts;
  readonly by: GovernedBy;
  readonly now: number;
  /** The newest active deployments of every group, found before any rule was applied. */
  readonly newest: NewestActive;
}

/** The rules in policy.md's order: the first that matches speaks. */
const RULES: readonly ((one: Case) => Ending | null)[] = [
  pullRequestClosed,
  refDeleted,
  inactivateAfter,
  oneActivePer,
  failStuckAfter,
];

/** What is to become of one transient deployment; null where nothing is. */
export function endingOf(one: Case): Ending | null {
  for (const rule of RULES) {
    const ending = rule(one);
    if (ending !== null) return ending;
  }
  return null;
}

/** Active, or in flight without a status for an hour: what is being built must not be cut off by a closing. */
function mayEndEarly({ deployment, now }: Case): boolean {
  if (isActive(deployment.state)) return true;
  return isInFlight(deployment.state) && now - lastHeardOf(deployment) >= HOUR;
}

function pullRequestClosed(one: Case): Ending | null {
  const matches = one.by.onPullRequestClosed && mayEndEarly(one) && pullRequestIsClosed(one.deployment);
  return matches ? { state: 'inactive', rule: 'pull_request_closed' } : null;
}

function refDeleted(one: Case): Ending | null {
  const matches = one.by.onRefDeleted && mayEndEarly(one) && refIsGone(one.deployment);
  return matches ? { state: 'inactive', rule: 'ref_deleted' } : null;
}

function inactivateAfter(one: Case): Ending | null {
  const { by, deployment, now } = one;
  if (by.inactivateAfter === null || !mayEndEarly(one)) return null;
  if (now - lastHeardOf(deployment) <= by.inactivateAfter) return null;
  if (by.keepLabel !== null) {
    // Not known to be without the label is as good as having it.
    if (deployment.pullRequests === null) return null;
    if (deployment.pullRequests.some(({ labels }) => mayHaveLabel(labels, by.keepLabel))) return null;
  }
  return { state: 'inactive', rule: 'inactivate_after' };
}

/** GitHub compares the names of labels without regard to case. */
function mayHaveLabel(labels: readonly string[] | null, wanted: string | null): boolean {
  return labels === null || labels.some((label) => label.toLowerCase() === wanted?.toLowerCase());
}

function oneActivePer({ deployment, newest }: Case): Ending | null {
  if (!isActive(deployment.state)) return null;
  const successor = newest.ofGroupsOf(deployment);
  if (successor === null || byAge(deployment, successor) >= 0) return null;
  return { state: 'inactive', rule: 'one_active_per', successor };
}

function failStuckAfter({ deployment, by, now }: Case): Ending | null {
  if (by.failStuckAfter === null || !isInFlight(deployment.state)) return null;
  // Not known to wait for nobody is as good as waiting.
  if (deployment.waitsForGate !== false) return null;
  if (now - lastHeardOf(deployment) <= by.failStuckAfter) return null;
  return { state: 'error', rule: 'fail_stuck_after' };
}

/** Knows the newest active deployment of each group of `one_active_per`. */
export interface NewestActive {
  /** The newest active one among those that share a group with `deployment`; null where its groups are not known. */
  ofGroupsOf(deployment: DeploymentFacts): DeploymentFacts | null;
}

export function newestActive(transient: readonly DeploymentFacts[], by: GovernedBy): NewestActive {
  const newest = new Map<string, DeploymentFacts>();
  for (const deployment of transient) {
    if (!isActive(deployment.state)) continue;
    for (const group of groupsOf(deployment, by)) {
      const other = newest.get(group);
      if (other === undefined || byAge(other, deployment) < 0) newest.set(group, deployment);
    }
  }
  return {
    ofGroupsOf: (deployment) =>
      groupsOf(deployment, by)
        .map((group) => newest.get(group))
        .filter((found) => found !== undefined)
        .sort(byAge)
        .at(-1) ?? null,
  };
}

/** One deployment can belong to several pull requests, and then it is in the group of each. */
function groupsOf(deployment: DeploymentFacts, by: GovernedBy): readonly string[] {
  switch (by.oneActivePer) {
    case 'none':
      return [];
    case 'environment':
      return ['environment'];
    case 'ref':
      return [`ref ${deployment.ref.name}`];
    case 'pull_request': {
      if (deployment.pullRequests === null) return [];
      if (deployment.pullRequests.length === 0) return [`ref ${deployment.ref.name}`];
      return deployment.pullRequests.map(({ number }) => `pull request ${number}`);
    }
  }
}
