import { environmentKey } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import {
  observeDeployedFrom,
  observeWhereabouts,
  type Affecting,
  type Whereabouts,
} from '../lifecycle/observe-affected.ts';
import { lastSeenPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/schema.ts';
import { lifecycleFor } from './governing-policy.ts';
import type { Job } from './job.ts';
import { environmentMemoryKey, refMemoryKey } from './memory.ts';
import type { JobContext } from './run-job.ts';

/** A branch is mostly deleted right after its pull request was merged. */
const FRESH = 60_000;

/** The pull requests and refs that a job is about. */
export function affectingSubjects(job: Job): readonly Affecting[] {
  return (job.about ?? []).filter((subject) => subject.kind === 'pull_request' || subject.kind === 'ref');
}

/**
 * Where a repository was deployed to as far as one request tells; null where nothing may be decided.
 * @throws GitHubError
 */
export function whereaboutsOf(
  github: GitHubReader,
  context: Pick<JobContext, 'memory'>,
  { job, subject }: { readonly job: Job; readonly subject: Affecting },
): Promise<Whereabouts | null> {
  const { memory } = context;
  const isFirstLook = lastSeenPolicy(memory.policies, job.repository) === undefined;
  return observeWhereabouts(github, {
    repository: job.repository,
    subject,
    withPolicyText: isFirstLook,
    indexes: memory.lifecycle.pullRequests,
    startIndex: isFirstLook,
  });
}

/**
 * The governed environments that a job's pull requests and refs were deployed to, in lower case.
 * @param question.first what {@link whereaboutsOf} said of the first of them; null where it was not asked.
 * @throws GitHubError
 */
export async function affectedEnvironments(
  github: GitHubReader,
  context: JobContext,
  question: { readonly job: Job; readonly policy: Policy; readonly first: Whereabouts | null },
): Promise<ReadonlySet<string>> {
  const { job, policy, first } = question;
  const affected = new Set<string>();
  for (const [i, subject] of affectingSubjects(job).entries()) {
    const known = recentlyDeployedTo(context, job, subject);
    const told = i === 0 ? first : null;
    const where = known === null ? (told ?? (await whereaboutsOf(github, context, { job, subject }))) : null;
    const some = known ?? (where === null ? [] : await affectedBy(github, context, { job, subject, where, policy }));
    for (const environment of some) affected.add(environment);
  }
  return affected;
}

/** GitHub is asked for more than its first answer tells only where there are environments that this does not speak of. */
async function affectedBy(
  github: GitHubReader,
  context: JobContext,
  question: { readonly job: Job; readonly subject: Affecting; readonly where: Whereabouts; readonly policy: Policy },
): Promise<ReadonlySet<string>> {
  const { memory, clock } = context;
  const { job, subject, where, policy } = question;
  const { repository } = job;
  const governed = (names: Iterable<string>): readonly string[] => {
    const found = [...names].filter((name) => lifecycleFor(policy, name) !== null);
    for (const name of found) memory.spellings.see(repository.id, name);
    return found.map(environmentKey);
  };
  const environments = new Set(governed(where.deployedTo));
  const existing = where.environments === null ? null : governed(where.environments);
  if (existing?.length === 1) {
    // Looking at the only one costs no more than asking whether it is concerned.
    for (const environment of existing) environments.add(environment);
  } else if (!isEverythingTold(where, { existing, told: environments })) {
    const { creation } = memory.lifecycle;
    const named = await observeDeployedFrom(github, { repository, subject, creation });
    for (const environment of governed(named)) environments.add(environment);
  }
  rememberSizes(context, job, { where, environments });
  const ref = subject.kind === 'ref' ? subject.ref : subject.headRef;
  if (ref !== null) memory.deployedTo.set(refMemoryKey(repository, ref), { at: clock(), environments });
  return environments;
}

function isEverythingTold(
  { deployments }: Whereabouts,
  known: { readonly existing: readonly string[] | null; readonly told: ReadonlySet<string> },
): boolean {
  const { existing, told } = known;
  if (deployments === 0) return true;
  // Deployments outlive their environment: where none is left, that says nothing.
  return existing !== null && existing.length > 0 && existing.every((environment) => told.has(environment));
}

/** A guess for environments that this process has not listed so far: all of about the same size. */
function rememberSizes(
  { memory }: JobContext,
  { repository }: Job,
  seen: { readonly where: Whereabouts; readonly environments: ReadonlySet<string> },
): void {
  const { environments, deployments } = seen.where;
  if (environments === null || environments.length === 0) return;
  for (const environment of seen.environments) {
    const key = environmentMemoryKey(repository, environment);
    if (!memory.sizes.has(key)) memory.sizes.set(key, Math.ceil(deployments / environments.length));
  }
}

/** Where a ref was deployed to, as this process found out a moment ago; what was deployed since has its own deliveries. */
function recentlyDeployedTo(context: JobContext, job: Job, subject: Affecting): ReadonlySet<string> | null {
  if (subject.kind !== 'ref') return null;
  const known = context.memory.deployedTo.get(refMemoryKey(job.repository, subject.ref));
  return known !== undefined && context.clock() - known.at <= FRESH ? known.environments : null;
}

/** The environments that a job concerns, where that need not be asked; null where it must. */
export function knownEnvironments(context: JobContext, job: Job): ReadonlySet<string> | null {
  const subjects = affectingSubjects(job);
  const known = subjects.flatMap((subject) => recentlyDeployedTo(context, job, subject) ?? []);
  return subjects.length > 0 && known.length === subjects.length ? new Set(known.flatMap((some) => [...some])) : null;
}
