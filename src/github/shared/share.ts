import type { ConditionalCache } from '../conditional.ts';
import type { InstallationId } from '../ids.ts';
import type { Pace } from '../pace.ts';
import type { TokenCache } from '../token-cache.ts';

/** What the processes of a fleet share of GitHub. Each takes what one process has of its own, for when it is alone. */
export interface SharedGitHub {
  tokens(own: TokenCache): TokenCache;
  answers(own: ConditionalCache): ConditionalCache;
  /** GitHub counts an installation's requests, whichever process they come from. */
  pace(installation: InstallationId, own: Pace): Pace;
  /** What Octokit's throttling needs to count over all processes. */
  readonly throttle: object;
}
