import { count, NOTHING, type Amounts } from '../changes/limits.ts';
import type { Reach } from '../changes/brake.ts';
import { environmentKey } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { decideLifecycle } from '../lifecycle/decide.ts';
import { environmentIsOver } from '../lifecycle/facts.ts';
import { observeAffected } from '../lifecycle/observe-affected.ts';
import { observeEnvironmentNames } from '../lifecycle/observe-environments.ts';
import { observeLifecycle, type GovernedEnvironment } from '../lifecycle/observe.ts';
import { observeListing, type ListedDeployment, type Listing } from '../lifecycle/observe-listing.ts';
import { lastSeenPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/schema.ts';
import { governingPolicy, lifecycleFor, type ValidPolicy } from './governing-policy.ts';
import type { Job, Subject } from './job.ts';
import { judge, verdictOn } from './judge.ts';
import { jobLog, logFinding } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';

/**
 * Finds the environments of a repository that need a look, and adds a job for each: those that a pull request or a ref
 * was deployed to, or all in which something is not as the policy says. Changes nothing itself. A changed policy is
 * judged here, because only here everything that it would do is known.
 * @throws GitHubError
 */
export async function lookAtRepository(context: JobContext, job: Job): Promise<void> {
  const { memory } = context;
  const { repository } = job;
  const github = context.clients.installation(job.installation);
  const log = jobLog(context.log, job);
  if (job.reason === 'sweep') memory.spent.delete(repository.id);

  const last = lastSeenPolicy(memory.policies, repository);
  if (last?.governing.kind !== 'valid' || job.about !== undefined) {
    const governing = await governingPolicy(github, { repository, memory, log });
    if (governing === null) return;
    const verdict = verdictOn(governing.version, memory.judged.get(repository.id));
    if (job.about !== undefined && verdict === 'held') return;
    if (job.about !== undefined && verdict === 'accepted') {
      await fanOut(context, job, await affected(github, { job, policy: governing.policy, memory }));
      return;
    }
  }

  const listing = await observeListing(github, {
    repository,
    environment: null,
    spellings: [],
    withPolicyText: false,
    settledBefore: null,
  });
  if (listing === null) return;
  const governing = await governingPolicy(github, { repository, memory, log, ride: listing.policy });
  if (governing === null) return;
  rememberSpellings(context, job, listing.deployments);

  const { environments, reach } = await survey(context, { job, github, listing, governing });
  const known = memory.judged.get(repository.id);
  const judged = judge({ version: governing.version, known, reach, isSweep: job.reason === 'sweep' });
  memory.judged.set(repository.id, judged);
  if (judged.held === governing.version) {
    if (known?.held !== governing.version) logFinding(log, heldFinding(reach));
    return;
  }
  await fanOut(context, job, environments);
}

/** The governed environments that a job's pull requests and refs were deployed to, in lower case. */
async function affected(
  github: GitHubReader,
  question: { readonly job: Job; readonly policy: Policy; readonly memory: JobContext['memory'] },
): Promise<ReadonlySet<string>> {
  const { job, policy, memory } = question;
  const found = new Set<string>();
  for (const subject of job.about ?? []) {
    for (const name of await namesOf(github, job, subject)) {
      memory.spellings.see(job.repository.id, name);
      if (lifecycleFor(policy, name) !== null) found.add(environmentKey(name));
    }
  }
  return found;
}

async function namesOf(github: GitHubReader, job: Job, subject: Subject): Promise<ReadonlySet<string>> {
  return subject.kind === 'deployment' ? new Set() : observeAffected(github, job.repository, subject);
}

/** What the policy would do to the whole repository, and where. */
async function survey(
  context: JobContext,
  seen: {
    readonly job: Job;
    readonly github: GitHubReader;
    readonly listing: Listing;
    readonly governing: ValidPolicy;
  },
): Promise<{ readonly environments: ReadonlySet<string>; readonly reach: Reach }> {
  const { job, github, listing, governing } = seen;
  const governed = await governedEnvironments(github, { job, listing, policy: governing.policy });
  const now = context.clock();
  const snapshots = await observeLifecycle(github, {
    repository: job.repository,
    listing,
    environments: governed,
    now,
    caches: context.memory.lifecycle,
    guards: 'skip',
  });
  const environments = new Set<string>();
  let changes: Amounts = NOTHING;
  let open = 0;
  let ended = 0;
  for (const [i, snapshot] of snapshots.entries()) {
    const by = governed[i]?.by;
    if (by === undefined) continue;
    const decision = decideLifecycle({ snapshot, by, now });
    const amounts = count(decision.changes);
    changes = { inactivate: changes.inactivate + amounts.inactivate, delete: changes.delete + amounts.delete };
    open += decision.governed.open;
    ended += decision.governed.ended;
    if (decision.changes.length > 0 || environmentIsOver(snapshot, by)) environments.add(snapshot.environment);
  }
  return { environments, reach: { changes, governed: { open, ended } } };
}

async function governedEnvironments(
  github: GitHubReader,
  seen: { readonly job: Job; readonly listing: Listing; readonly policy: Policy },
): Promise<readonly GovernedEnvironment[]> {
  const byName = new Map<string, ListedDeployment[]>();
  for (const deployment of seen.listing.deployments) {
    const key = environmentKey(deployment.environment);
    const others = byName.get(key);
    if (others === undefined) byName.set(key, [deployment]);
    else others.push(deployment);
  }
  const governed = [...byName].flatMap(([environment, deployments]) => {
    const by = lifecycleFor(seen.policy, environment);
    return by === null ? [] : [{ environment, by, deployments }];
  });
  const names = governed.some(({ by }) => by.deleteEnvironment)
    ? await observeEnvironmentNames(github, seen.job.repository)
    : new Map<string, string>();
  return governed.map((one) => ({ ...one, environmentName: names.get(one.environment) ?? null }));
}

function rememberSpellings(
  { memory }: JobContext,
  { repository }: Job,
  deployments: readonly ListedDeployment[],
): void {
  const seen = new Set(
    deployments.flatMap(({ environment, originalEnvironment }) => [environment, originalEnvironment]),
  );
  for (const name of seen) memory.spellings.see(repository.id, name);
}

/** What came of pull requests and refs is a look at what is open; everything else is a look at everything. */
async function fanOut(context: JobContext, job: Job, environments: ReadonlySet<string>): Promise<void> {
  const { about, ...rest } = job;
  for (const environment of environments) {
    const scope = { kind: 'environment', environment } as const;
    await context.enqueue({ ...rest, scope, ...(about === undefined ? {} : { about: [] }) });
  }
}

function heldFinding({ changes, governed }: Reach) {
  const message =
    `The changed policy would end ${changes.inactivate} and delete ${changes.delete} deployments, of ` +
    `${governed.open} open and ${governed.ended} ended ones that it governs: it waits for the next sweep.`;
  return { code: 'changed_policy_held', message } as const;
}
