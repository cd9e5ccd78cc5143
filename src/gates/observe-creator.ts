import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { ACTIONS_APP, isBotOf } from './accounts.ts';
import { newestFirst, type MadeDeployment, type PastDeployment } from './deployments.ts';
import { unreadableError } from './observe-more.ts';
import { observeRun } from './observe-run.ts';
import { known, unreadable } from './read-fact.ts';
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
  github: Pick<GitHubReader, 'get'>,
  question: CreatorQuestion,
): Promise<Fact<Actor>> {
  const { creator, past, slug, isPerson, environment } = question;
  if (creator === null) return unreadable('GitHub does not say who it was');
  const isOwn = (by: Actor | null): boolean =>
    slug === null ? by?.app !== null && !isBotOf(by, ACTIONS_APP) : isBotOf(by, slug);
  const marked = question.deployment?.promotedFrom !== null ? question.deployment : null;
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

/** Who triggered the run that made a deployment. */
async function observeTrigger(
  github: Pick<GitHubReader, 'get'>,
  repository: RepositoryRef,
  { id, statuses }: PastDeployment,
): Promise<Fact<Actor>> {
  const number = statuses?.find(({ run }) => run !== null)?.run ?? null;
  if (number === null) return unreadable(`deployment ${id} does not say which run made it`);
  try {
    const run = await observeRun(github, repository, number);
    return run?.creator ? known(run.creator) : unreadable(`GitHub does not say who triggered run ${number}`);
  } catch (error) {
    return unreadableError(error);
  }
}
