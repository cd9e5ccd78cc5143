/** What has to be read of an environment and its candidates. What is not named here is not asked for. */
export interface NeededFacts {
  /** `GatesSnapshot.standing`. */
  readonly standing: boolean;
  /** `Candidate.creator`. */
  readonly creator: boolean;
  /** For `creatorTeams`: slugs of teams, in lower case. Empty: memberships are not asked for. */
  readonly teams: readonly string[];
  /** For `containedIn`, where a candidate's ref is a commit: each gate's patterns of branches. Empty: it is not asked for. */
  readonly branches: readonly (readonly string[])[];
  readonly checks: boolean;
  readonly pullRequests: boolean;
  /** The approvals of those pull requests; without it they may be 0. */
  readonly approvals: boolean;
  /** For `elsewhere`: names of environments, in lower case. */
  readonly elsewhere: readonly string[];
  readonly ancestry: boolean;
  readonly succeededHere: boolean;
}

export const NO_FACTS: NeededFacts = {
  standing: false,
  creator: false,
  teams: [],
  branches: [],
  checks: false,
  pullRequests: false,
  approvals: false,
  elsewhere: [],
  ancestry: false,
  succeededHere: false,
};

/** All that any of them needs, each name once. */
export function uniteNeeds(all: readonly NeededFacts[]): NeededFacts {
  return {
    standing: all.some(({ standing }) => standing),
    creator: all.some(({ creator }) => creator),
    teams: [...new Set(all.flatMap(({ teams }) => teams))],
    branches: all.flatMap(({ branches }) => branches),
    checks: all.some(({ checks }) => checks),
    pullRequests: all.some(({ pullRequests }) => pullRequests),
    approvals: all.some(({ approvals }) => approvals),
    elsewhere: [...new Set(all.flatMap(({ elsewhere }) => elsewhere))],
    ancestry: all.some(({ ancestry }) => ancestry),
    succeededHere: all.some(({ succeededHere }) => succeededHere),
  };
}
