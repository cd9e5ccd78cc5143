import { environmentKey } from '../github/ids.ts';
import { newestFirst, stateOf, succeededSince, type PastDeployment } from './deployments.ts';
import type { Identified } from './observe-identity.ts';
import type { CommitFacts, GatesQuestion } from './observe.ts';
import { observeAncestry, observeContaining, type Compare } from './observe-compare.ts';
import type { FollowUp } from './observe-follow-up.ts';
import type { GateListing } from './observe-listing.ts';
import { known, mapFact, NOT_ASKED, unreadable } from './read-fact.ts';
import type { Candidate, CandidateFacts, ElsewhereDeployment, Fact } from './snapshot.ts';

/** Adds to a candidate what the gates ask, and nothing that they do not. */
export async function completeFacts(
  one: Identified,
  seen: {
    readonly question: GatesQuestion;
    readonly listing: GateListing;
    readonly facts: CommitFacts;
    readonly follow: FollowUp;
    readonly compare: Compare;
  },
): Promise<Candidate> {
  const { question, listing, facts, follow, compare } = seen;
  const { needs, recall } = question;
  const { ownRun } = facts;
  const active = mapFact(
    listing.deployments,
    (deployments) => deployments.find(({ status }) => stateOf(status) === 'success') ?? null,
  );
  const asksBranches = one.ref.kind === 'commit' && needs.branches.length > 0;
  return {
    ...one,
    bypasses: ownRun.kind === 'known' && ownRun.value !== null ? recall(ownRun.value).bypasses : [],
    facts: {
      containedIn: asksBranches
        ? await observeContaining(compare, one.sha, { branches: follow.branches, gates: needs.branches })
        : NOT_ASKED,
      creatorTeams: creatorTeams(one, needs.teams, follow),
      checks: facts.checks,
      pullRequests: facts.pullRequests,
      elsewhere: elsewhereOf(facts.deployments, needs.elsewhere),
      ancestry: needs.ancestry ? await observeAncestry(compare, one.sha, active) : NOT_ASKED,
      succeededHere: needs.succeededHere ? succeededIn(facts.deployments, question.environment) : NOT_ASKED,
    },
  };
}

function creatorTeams(
  { creator }: Identified,
  teams: readonly string[],
  { memberships }: FollowUp,
): CandidateFacts['creatorTeams'] {
  if (teams.length === 0) return NOT_ASKED;
  if (creator.kind === 'unreadable') return creator;
  // Apps are members of no team.
  if (creator.value.app !== null) return known(new Set());
  return memberships.get(creator.value.login) ?? NOT_ASKED;
}

/** The newest deployment of the commit in each environment. */
export function elsewhereOf(
  deployments: Fact<readonly PastDeployment[]>,
  environments: readonly string[],
): CandidateFacts['elsewhere'] {
  return new Map(
    environments.map(environmentKey).map((environment) => {
      if (deployments.kind === 'unreadable') return [environment, deployments];
      const [newest] = deployments.value.filter((one) => one.environment === environment).sort(newestFirst);
      return [environment, newest === undefined ? known(null) : toElsewhere(newest)];
    }),
  );
}

function toElsewhere({ id, statuses }: PastDeployment): Fact<ElsewhereDeployment | null> {
  if (statuses === null) return unreadable(`deployment ${id} has more statuses than are read`);
  return known({ id, state: stateOf(statuses[0]), succeededAt: succeededSince(statuses) });
}

export function succeededIn(deployments: Fact<readonly PastDeployment[]>, environment: string): Fact<boolean> {
  if (deployments.kind === 'unreadable') return deployments;
  const here = deployments.value.filter((one) => one.environment === environmentKey(environment));
  if (here.some(({ statuses }) => statuses?.some(({ state }) => state === 'success'))) return known(true);
  const cut = here.find(({ statuses }) => statuses === null);
  return cut === undefined ? known(false) : unreadable(`deployment ${cut.id} has more statuses than are read`);
}
