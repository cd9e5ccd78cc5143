import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { ACTIONS_APP, isBotOf } from './accounts.ts';
import { newestFirst, type MadeDeployment, type PastDeployment } from './deployments.ts';
import { unreadableError } from './observe-more.ts';
import { observeRun } from './observe-run.ts';
import { known, unreadable } from './read-fact.ts';
import { observeMadeBy } from './observe-made-by.ts';
import type { Actor, Fact } from './snapshot.ts';

export interface CreatorQuestion {
  readonly repository: RepositoryRef;
  /** In lower case. */
  readonly environment: string;
  /** Who made the deployment, or triggered the run. */
  readonly creator: Actor | null;
  readonly sha: CommitSha;
  readonly deployment: MadeDeployment | null;
  /** All deployments of the commit. */
  readonly past: Fact<readonly PastDeployment[]>;
  /** This app's slug; null where it is not known. */
  readonly slug: string | null;
  /** Whether a person asks, who is told what GitHub shows, and for whom nothing is let through. */
  readonly isPerson: boolean;
}

/**
 * Who a deployment is by. What this app created it created for somebody: whoever made the deployment that it promoted;
 * the same goes for a run that a promotion started.
 */
export async function observeCreator(
  github: Pick<GitHubReader, 'get' | 'query'>,
  question: CreatorQuestion,
): Promise<Fact<Actor>> {
  const { creator, past, slug, isPerson, environment } = question;
  if (creator === null) return unreadable('GitHub does not say who it was');
  const isOwn = (by: Actor | null): boolean =>
    slug === null ? by !== null && by.app !== null && !isBotOf(by, ACTIONS_APP) : isBotOf(by, slug);
  // A workflow's own deployment, whose run a promotion started, says whatever that workflow likes.
  const { deployment } = question;
  const marked =
    deployment !== null && deployment.promotedFrom !== null && isOwn(deployment.creator) ? deployment : null;
  if (!isOwn(creator) || (slug === null && marked === null)) return known(creator);
  // Anybody can write that something was promoted: a token that does not say whose it is proves nothing.
  if (slug === null && !isPerson) return unreadable('GitHub does not say which app asks');
  if (past.kind === 'unreadable') return past;
  let promoted: MadeDeployment | undefined =
    marked ?? past.value.filter((one) => one.environment === environment && isOwn(one.creator)).sort(newestFirst)[0];
  while (promoted !== undefined) {
    const { promotedFrom } = promoted;
    const source = past.value.find(({ id }) => id === promotedFrom);
    // A source is older: no chain of them leads back to where it began.
    if (source === undefined || newestFirst(promoted, source) >= 0) break;
    if (source.byActions) return observeTrigger(github, question.repository, source);
    if (source.creator !== null && !isOwn(source.creator)) return known(source.creator);
    promoted = source;
  }
  return unreadable('what it was promoted from is not there');
}

/** Statuses of a deployment that each name another run: Actions' own come first, and what others write later is no reason to ask on. */
const MOST_RUNS = 3;

/**
 * Who triggered the run that made a deployment. Its statuses say which one that may be: any workflow can write them, so that
 * it counts only where GitHub says of a job of that run, on that commit, that it made this deployment.
 */
async function observeTrigger(
  github: Pick<GitHubReader, 'get' | 'query'>,
  repository: RepositoryRef,
  { id, sha, statuses }: PastDeployment,
): Promise<Fact<Actor>> {
  const named = new Set((statuses ?? []).flatMap(({ run }) => run ?? []).reverse());
  if (named.size === 0) return unreadable(`deployment ${id} does not say which run made it`);
  try {
    for (const number of [...named].slice(0, MOST_RUNS)) {
      const run = await observeRun(github, repository, number);
      if (run === null || run.suite === null || run.sha !== sha) continue;
      const isMade = await observeMadeBy(github, { repository, run }, id);
      if (isMade.kind === 'unreadable') return isMade;
      if (!isMade.value) continue;
      return run.creator ? known(run.creator) : unreadable(`GitHub does not say who triggered run ${number}`);
    }
    return unreadable(`no run that deployment ${id} names has made it`);
  } catch (error) {
    return unreadableError(error);
  }
}
