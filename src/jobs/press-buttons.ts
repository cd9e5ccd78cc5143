import { observeCanWrite, observeMayBypass } from '../gates/observe-presser.ts';
import { bypassOf, type GatesPolicy } from '../gates/gates-policy.ts';
import type { Fact } from '../gates/snapshot.ts';
import type { GitHubReader } from '../github/port.ts';
import type { RepositoryRef } from '../github/ids.ts';
import type { ButtonPress } from '../reports/gate-state.ts';
import type { Press } from './job.ts';

/**
 * Checks who pressed a button, now: whether it counts, and if not, why it changes nothing. What cannot be checked does
 * not count.
 * @param question.now milliseconds since the epoch.
 */
export async function checkPress(
  github: Pick<GitHubReader, 'get'>,
  question: {
    readonly press: Press;
    readonly repository: RepositoryRef;
    readonly policy: GatesPolicy;
    /** Who created what waits on the commit; null where that is not known. */
    readonly creators: readonly (string | null)[];
    readonly now: number;
  },
): Promise<ButtonPress> {
  const { press, now } = question;
  const { button, by, id } = press;
  return { button, by, at: now, refused: await refusal(github, question), ...(id === undefined ? {} : { id }) };
}

async function refusal(
  github: Pick<GitHubReader, 'get'>,
  question: Parameters<typeof checkPress>[1],
): Promise<string | null> {
  const { press, repository, policy, creators } = question;
  const login = press.by;
  if (press.button === 'reevaluate') {
    const canWrite = await observeCanWrite(github, { repository, login });
    return explain(canWrite, 'only people who can write to the repository may');
  }
  const bypass = bypassOf(policy);
  if (bypass === null) return 'the policy lets nobody bypass here';
  const refused = explain(
    await observeMayBypass(github, { repository, login, bypass }),
    'the policy does not name them under bypass',
  );
  if (refused !== null) return refused;
  const created = creators.length > 0 && creators.every((creator) => creator?.toLowerCase() === login.toLowerCase());
  return created ? 'nobody bypasses a deployment that they created' : null;
}

function explain(may: Fact<boolean>, otherwise: string): string | null {
  if (may.kind === 'unreadable') return `whether they may could not be read (${may.why}); press it again later`;
  return may.value ? null : otherwise;
}
