import type { Change } from '../../changes/change.ts';
import { NOTHING, type Amounts } from '../../changes/limits.ts';
import { environmentKey, fullName, type RepositoryRef } from '../../github/ids.ts';
import type { GitHubReader } from '../../github/port.ts';
import { listRepository, planRepository, survey, type Survey } from '../../jobs/survey.ts';
import type { LifecycleCaches } from '../../lifecycle/observe.ts';
import type { Policy } from '../../policy/schema.ts';
import type { Finding } from '../../reports/reason-codes.ts';
import { CommandFailure, EXIT } from '../exit-code.ts';
import { assumeDone } from './assume-done.ts';
import { createRounds, MOST_ROUNDS } from './rounds.ts';

export interface PlanQuestion {
  readonly repository: RepositoryRef;
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly caches: LifecycleCaches;
}

/** What would be done in one call, and what would not be. */
export interface PlannedChanges {
  readonly changes: readonly Change[];
  /** Over the policy's limits: for a later call. */
  readonly later: Amounts;
  readonly findings: readonly Finding[];
}

/**
 * What `apply` would change now, what follows from that included, with reads only.
 * @throws GitHubError
 * @throws CommandFailure where the repository cannot be read any more
 */
export async function planChanges(github: GitHubReader, question: PlanQuestion): Promise<PlannedChanges> {
  const { repository, policy, now } = question;
  const rounds = createRounds(policy.limits);
  const changes: Change[] = [];
  const findings: Finding[] = [];
  let later: Amounts = NOTHING;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const surveyed = round === 0 ? await lookAt(github, question) : await lookAfter(github, question, changes);
    findings.push(...surveyed.findings);
    const next = rounds.next(surveyed.changes);
    ({ later } = next);
    rounds.take(next.now);
    changes.push(...next.now);
    if (next.now.length === 0 || !mayLeadToMore(policy, next.now)) break;
  }
  return { changes, later, findings: withoutDoubles(findings) };

  async function lookAfter(reader: GitHubReader, asked: PlanQuestion, done: readonly Change[]): Promise<Survey> {
    const listing = await listRepository(reader, repository);
    if (listing === null) throw gone(repository);
    return survey(reader, { ...asked, listing: assumeDone(listing, done, now), guards: 'read' });
  }
}

/**
 * How things stand now.
 * @throws GitHubError
 * @throws CommandFailure where the repository cannot be read any more
 */
export async function lookAt(github: GitHubReader, question: PlanQuestion): Promise<Survey> {
  const surveyed = await planRepository(github, question);
  if (surveyed === null) throw gone(question.repository);
  return surveyed;
}

/** An environment goes after its deployments; nothing else follows from a change. */
function mayLeadToMore(policy: Policy, changes: readonly Change[]): boolean {
  return (
    policy.environments.some(({ lifecycle }) => lifecycle?.delete?.environment === true) &&
    changes.some((change) => 'deployment' in change)
  );
}

export function withoutDoubles(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ code, message, environment = '', deployment = 0 }: Finding): string =>
    JSON.stringify([code, message, environmentKey(environment), deployment]);
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()];
}

function gone(repository: RepositoryRef): CommandFailure {
  return new CommandFailure(EXIT.github, `${fullName(repository)} cannot be read any more.`);
}
