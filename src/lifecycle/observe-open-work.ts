import { environmentKey } from '../github/ids.ts';
import type { PolicyRide } from '../policy/load.ts';
import { nodes, type OpenWorkAnswer, type PullRequestAnswer } from './answers.ts';
import { isActive } from './facts.ts';
import { NOTHING_LOOKED_UP } from './observe-by-name.ts';
import { flatDeploymentOf, type ListedDeployment, type Listing } from './observe-listing.ts';

/** The open work of a repository as a glance shows it: its newest deployments, and its open pull requests. */
export interface OpenWork {
  /** `complete` is false where the repository has more deployments than were shown. */
  readonly listing: Listing;
  /** Deployments of the repository. */
  readonly total: number;
}

/** Brings what was shown flat into the form of a listing. What it does not tell is null, and asked for where it matters. */
export function toOpenWork(
  answer: OpenWorkAnswer,
  { defaultBranch, policy }: { readonly defaultBranch: string; readonly policy: PolicyRide },
): OpenWork {
  const shown = nodes(answer.deployments);
  const understood = shown.flatMap((node) => flatDeploymentOf(node) ?? []);
  const open = nodes(answer.open);
  const belongs = toldBy(open, understood);
  const { totalCount } = answer.deployments;
  return {
    listing: {
      defaultBranch,
      policy,
      lookedUp: NOTHING_LOOKED_UP,
      environmentName: null,
      newestPullRequests: nodes(answer.newest),
      openPullRequests: new Map(open.map((one) => [one.number, one])),
      deployments: understood.map((one) =>
        one.ref === null ? one : { ...one, ref: { ...one.ref, pullRequests: belongs(one.ref.name) } },
      ),
      complete: totalCount <= shown.length && understood.length === shown.length,
    },
    total: totalCount,
  };
}

/**
 * The pull requests of a branch, where an open one says that the branch is not done with: what else has had that head is
 * then of no matter. But for one thing: an older deployment by number or commit may belong to one of these, so that where
 * such are active beside others of their environment, all have to be known.
 */
function toldBy(
  open: readonly PullRequestAnswer[],
  deployments: readonly ListedDeployment[],
): (branch: string) => readonly PullRequestAnswer[] | null {
  const active = new Map<string, ListedDeployment[]>();
  for (const one of deployments) {
    if (!isActive(one.state)) continue;
    const key = environmentKey(one.environment);
    active.set(key, [...(active.get(key) ?? []), one]);
  }
  const isMixed = [...active.values()].some((some) => some.length > 1 && some.some(({ ref }) => ref === null));
  return (branch) => {
    if (isMixed) return null;
    const own = open.filter(({ headRefName, isCrossRepository }) => headRefName === branch && !isCrossRepository);
    return own.length === 0 ? null : own;
  };
}
