import type { RefPattern } from '../policy/schema.ts';

/** What of a {@link ./snapshot.ts} snapshot the gates of an environment ask for. Everything else is not read. */
export interface NeededFacts {
  readonly checks: boolean;
  readonly pullRequests: boolean;
  /** Names of other environments, as the policy writes them. */
  readonly elsewhere: readonly string[];
  /** Slugs of teams in which a creator's membership decides something. */
  readonly teams: readonly string[];
  /** Patterns of branches that a commit may be contained in; those of tags are ignored. Empty: nobody asks. */
  readonly branches: readonly RefPattern[];
  /** How the commit lies to the environment's active one. */
  readonly ancestry: boolean;
  readonly succeededHere: boolean;
}

/** Where nothing but who deploys what is asked for. */
export const NOTHING_NEEDED: NeededFacts = {
  checks: false,
  pullRequests: false,
  elsewhere: [],
  teams: [],
  branches: [],
  ancestry: false,
  succeededHere: false,
};
