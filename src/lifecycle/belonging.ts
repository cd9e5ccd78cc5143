import type { PullRequestAnswer } from './answers.ts';
import type { CreationFacts } from './observe-creation.ts';
import type { ListedDeployment } from './observe-listing.ts';
import type { PullRequestFacts } from './snapshot.ts';

/** What a deployment was made from, before GitHub is asked whether it is still there. */
export type RefKind =
  | { readonly kind: 'pull_request'; readonly name: string; readonly number: number }
  | { readonly kind: 'commit'; readonly name: string }
  /** A branch or a tag. `isTag`: it was spelled out as one. */
  | { readonly kind: 'named'; readonly name: string; readonly isTag: boolean }
  /** What git finds elsewhere than by the name of one branch or tag: `HEAD`, `main~1`, `heads/main`. */
  | { readonly kind: 'unclear'; readonly name: string };

const PULL_REQUEST_REF = /^(?:refs\/)?pull\/([1-9]\d{0,9})\/(?:head|merge)$/;
const SPELLED_OUT = /^refs\/(heads|tags)\/(.+)$/s;
/** Git abbreviates to no less than four. */
const SHORT_SHA = /^[0-9a-f]{4,64}$/;
const WHOLE_SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
/** What a branch or a tag cannot be called. https://git-scm.com/docs/git-check-ref-format */
const NO_NAME = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|^[/.]|\/\.|[/.]$|\.lock(?:\/|$)/u;
/** https://git-scm.com/docs/gitrevisions: what such a name leads to need not be a branch or a tag of that name. */
const ELSEWHERE = /^(?:refs|heads|tags|remotes|pull)\/|^(?:HEAD|@)$/;

/**
 * Reads a deployment's ref as policy.md does. Null where its name is not known: GraphQL does not tell that of a ref
 * that is gone.
 */
export function refKindOf(deployment: ListedDeployment, creation: CreationFacts | undefined): RefKind | null {
  const { ref } = deployment;
  const name = creation?.ref ?? ref?.name;
  if (name === undefined) return null;
  const [, folder, spelled] = SPELLED_OUT.exec(name) ?? [];
  if (spelled !== undefined) return { kind: 'named', name: spelled, isTag: folder === 'tags' };
  if (ref?.name === name) return { kind: 'named', name, isTag: false };
  const number = pullRequestOf(name);
  if (number !== null) return { kind: 'pull_request', name, number };
  if (ref !== null) return { kind: 'named', name: ref.name, isTag: false };
  const sha = name.toLowerCase();
  if (SHORT_SHA.test(sha) && deployment.sha.startsWith(sha)) return { kind: 'commit', name: sha };
  const isUnclear = NO_NAME.test(name) || ELSEWHERE.test(name) || WHOLE_SHA.test(name);
  return isUnclear ? { kind: 'unclear', name } : { kind: 'named', name, isTag: false };
}

/** The pull request whose `refs/pull/N/head` or `/merge` it is; null where it is none. */
export function pullRequestOf(ref: string): number | null {
  const number = PULL_REQUEST_REF.exec(ref)?.[1];
  return number === undefined ? null : Number(number);
}

/**
 * Whether a pull request counts at all: not where its head is this repository's default branch or a protected one,
 * because such a branch outlives its pull requests. A fork's branch of the same name is another branch; but anybody can
 * open a pull request from a fork with commits that were deployed before, and that one does not count.
 */
export function counts(
  pullRequest: PullRequestAnswer,
  { defaultBranch, deployedAt }: { readonly defaultBranch: string; readonly deployedAt: number },
): boolean {
  if (pullRequest.isCrossRepository) return Date.parse(pullRequest.createdAt) <= deployedAt;
  return pullRequest.headRefName !== defaultBranch && !pullRequest.headRef?.refUpdateRule;
}

/**
 * Whether the answer itself tells that the commit is one of the pull request's own. GitHub also associates the commit
 * that a merge, squash or rebase made on the base branch, and that one belongs to nobody's preview.
 */
export function surelyHas(pullRequest: PullRequestAnswer, sha: string): boolean {
  return pullRequest.headRefOid === sha || pullRequest.state === 'OPEN';
}

/** The answer in the lifecycle's terms. */
export function toFacts(pullRequest: PullRequestAnswer, labels: readonly string[] | null): PullRequestFacts {
  return { number: pullRequest.number, open: pullRequest.state === 'OPEN', labels };
}
