import type { Change } from '../changes/change.ts';
import { decideLifecycle } from '../lifecycle/decide.ts';
import { hasEnded } from '../lifecycle/facts.ts';
import { needsPullRequests, needsRefs, type GovernedBy } from '../lifecycle/governed-by.ts';
import { NO_LOOKUPS, type Lookups } from '../lifecycle/lookup-documents.ts';
import { observeLifecycle } from '../lifecycle/observe.ts';
import {
  observeListing,
  requestsForAll,
  requestsForNewest,
  settledMark,
  type Listing,
} from '../lifecycle/observe-listing.ts';
import type { LifecycleSnapshot } from '../lifecycle/snapshot.ts';
import { lastSeenPolicy, type LoadedPolicy } from '../policy/load.ts';
import { deletionLines } from '../reports/deletion-lines.ts';
import { act, type ActFindings } from './act.ts';
import { takeUpVersion } from './brakes.ts';
import { mayDeleteEnvironments, sortOutDenied } from './denied-deletions.ts';
import { environmentSource, rememberFindings } from './findings.ts';
import { governingPolicy, lifecycleFor, loadedPolicy } from './governing-policy.ts';
import { withoutAskers, type Job } from './job.ts';
import { rememberEvents } from './last-report.ts';
import { environmentMemoryKey, refMemoryKey } from './memory.ts';
import { concernsGates, lookAtGatesOf } from './gates-of-environment.ts';
import { jobLog, logFinding } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';
import { isAboutGatesAlone } from './wake-waiting.ts';

/**
 * Looks at one environment and makes it as the policy says.
 * @throws GitHubError
 */
export async function lookAtEnvironment(context: JobContext, job: Job, environment: string): Promise<void> {
  const { memory, clock } = context;
  const { repository } = job;
  const github = context.clients.installation(job.installation);
  const log = jobLog(context.log, job);

  if (isOver(context, job, environment)) return;
  const last = lastSeenPolicy(memory.policies, repository);
  // Where its gates are not asked, nobody knows what waits for them.
  let asked: { readonly waiting?: ReadonlySet<number> } = {};
  // Before anything else: somebody waits for it.
  if (
    last === undefined
      ? isAboutGatesAlone(job)
      : concernsGates(context, job, { environment, governing: last.governing })
  ) {
    const loaded = await loadedPolicy(github, { repository, memory, log });
    if (loaded === null) return;
    asked = { waiting: await lookAtGatesOf(context, job, { environment, loaded }) };
  }
  if (isAboutGatesAlone(job)) return;
  // Where nothing governed this environment the last time, its deployments are not read to learn that nothing does.
  const governedBefore = last === undefined ? null : governedLast(last, environment);
  if (last !== undefined && governedBefore === null) {
    const now = await governingPolicy(github, { repository, memory, log });
    if (now === null || lifecycleFor(now.policy, environment) === null) return;
  }

  const settledBefore = knownSettled(context, job, environment);
  const listing = await observeListing(github, {
    repository,
    environment,
    spellings: [...new Set([...memory.spellings.spellings(repository.id, environment), environment])],
    withPolicyText: last === undefined,
    settledBefore,
    expected: memory.sizes.get(environmentMemoryKey(repository, environment)) ?? 0,
    lookups: governedBefore === null || asksForMore(governedBefore) ? lookupsFor(job) : NO_LOOKUPS,
  });
  if (listing === null) return;
  const loaded = await loadedPolicy(github, { repository, memory, log, ride: listing.policy });
  if (loaded === null) return;
  const { governing } = loaded;
  if (last === undefined && concernsGates(context, job, { environment, governing })) {
    asked = { waiting: await lookAtGatesOf(context, job, { environment, loaded }) };
  }
  if (governing.kind !== 'valid') return;
  const { version } = governing;
  const entry = lifecycleFor(governing.policy, environment);
  if (entry === null) return;
  const by = mayDeleteEnvironments(context, job, version) ? entry : { ...entry, deleteEnvironment: false };

  const verdict = await takeUpVersion(context.brakes, job, version);
  if (verdict === 'changed') {
    const { about: _about, ...everything } = withoutAskers(job);
    await context.enqueue({ ...everything, scope: { kind: 'policy' }, reason: 'policy changed' });
    return;
  }
  if (verdict === 'held') return;

  const now = clock();
  const [snapshot] = await observeLifecycle(github, {
    repository,
    listing,
    environments: [
      { environment, environmentName: listing.environmentName, by, deployments: listing.deployments, ...asked },
    ],
    now,
    caches: memory.lifecycle,
    guards: 'read',
    flags: 'where they matter',
  });
  if (snapshot === undefined) return;
  rememberSettled(context, job, { environment, by, listing });
  const decision = decideLifecycle({ snapshot, by, now });
  log.debug({ environment, changes: decision.changes.length, ...decision.governed }, 'Decided');
  const findings: ActFindings = { standing: [...decision.findings], happened: [] };
  const done: Change[] = [];
  try {
    const { policy } = governing;
    const { changes } = decision;
    const made = await act(context, { job, policy, changes, log, findings, made: done });
    rememberOpen(context, job, { snapshot, by, changed: made === changes.length ? changes : null });
    // GitHub sends no webhook for what was just made inactive, and what this app itself has written wakes nobody: an
    // environment may go once all in it has ended, and what waits there for somebody's end may go on.
    const waits = memory.gates.waiting.get(repository.id)?.by.has(environment) === true;
    if (made > 0 && (by.deleteEnvironment || waits)) {
      const about: Job['about'] = by.deleteEnvironment ? [] : [{ kind: 'waiting' }];
      await context.enqueue({ ...withoutAskers(job), reason: 'follow-up', about });
    }
  } finally {
    const deleted = deletionLines(done);
    rememberEvents(
      context,
      job,
      deleted.map((line) => ({ kind: 'deleted', line })),
    );
    const { others: standing, isNews } = sortOutDenied(context, job, { version, found: findings.standing });
    for (const finding of standing) logFinding(log, finding);
    const source = environmentSource(environment);
    const { happened } = findings;
    const differs = rememberFindings(memory, { repository, source, standing, happened, now });
    if (differs || isNews || deleted.length > 0) {
      await context.enqueue({ ...withoutAskers(job), scope: { kind: 'policy' }, reason: 'report', about: [] });
    }
  }
}

function governedLast({ governing }: LoadedPolicy, environment: string): GovernedBy | null {
  return governing.kind === 'valid' ? lifecycleFor(governing.policy, environment) : null;
}

/** The job is about branches and tags alone, and a look a moment ago left nothing open that was deployed from them. */
function isOver({ memory, clock }: JobContext, { repository, about = [] }: Job, environment: string): boolean {
  const open = memory.open.get(environmentMemoryKey(repository, environment));
  if (open === undefined || clock() - open.at > FRESH || about.length === 0) return false;
  return about.every((one) => one.kind === 'ref' && !open.refs.has(one.ref));
}

/** What was deployed since has deliveries of its own. */
const FRESH = 60_000;

/** @param seen.changed what has been made of the changes; null where that is not all of them. */
function rememberOpen(
  { memory, clock }: JobContext,
  { repository }: Job,
  seen: { readonly snapshot: LifecycleSnapshot; readonly by: GovernedBy; readonly changed: readonly Change[] | null },
): void {
  const { snapshot, by, changed } = seen;
  const key = environmentMemoryKey(repository, snapshot.environment);
  memory.open.delete(key);
  if (changed === null || by.deleteEnvironment) return;
  const ended = new Set(
    changed.flatMap((change) => (change.kind === 'deployment_status' ? [change.deployment.id] : [])),
  );
  const open = snapshot.deployments.filter(({ id, state }) => !hasEnded(state) && !ended.has(id));
  const refs = new Set(open.map(({ ref }) => ref.name));
  memory.open.set(key, { at: clock(), refs });
  for (const ref of refs) {
    const known = memory.deployedTo.get(refMemoryKey(repository, ref));
    if (known?.environments.has(snapshot.environment) === false)
      memory.deployedTo.delete(refMemoryKey(repository, ref));
  }
}

function asksForMore(by: GovernedBy): boolean {
  return needsPullRequests(by) || needsRefs(by);
}

/** What the job is about is looked up along with the listing: most likely it will be asked for. */
function lookupsFor({ about = [] }: Job): Lookups {
  const refs = about.flatMap((one) => {
    if (one.kind === 'ref') return [one.ref];
    return one.kind === 'pull_request' && one.headRef !== null ? [one.headRef] : [];
  });
  const pullRequests = about.flatMap((one) => {
    if (one.kind === 'pull_request') return [one.number];
    return one.kind === 'deployment' && one.pullRequest !== undefined ? [one.pullRequest] : [];
  });
  return {
    refs: [...new Set(refs)].slice(0, MOST_LOOKUPS),
    pullRequests: [...new Set(pullRequests)].slice(0, MOST_LOOKUPS),
  };
}

/** Of each kind: the listing is heavy enough. */
const MOST_LOOKUPS = 3;

/**
 * What need not be listed again; null where everything must be: in a sweep, in a job that is not about anything in
 * particular, when something old was in the news, and where everything takes fewer requests than what is left.
 */
function knownSettled({ memory }: JobContext, job: Job, environment: string): number | null {
  const key = environmentMemoryKey(job.repository, environment);
  const settled = memory.settled.get(key);
  if (settled === undefined || job.reason === 'sweep' || job.about === undefined) return null;
  const { before, since } = settled;
  if (requestsForAll(memory.sizes.get(key) ?? Infinity) < requestsForNewest(since)) return null;
  const news = job.about.some((one) => one.kind === 'deployment' && Date.parse(one.createdAt) < before);
  return news ? null : before;
}

function rememberSettled(
  { memory }: JobContext,
  { repository }: Job,
  seen: { readonly environment: string; readonly by: GovernedBy; readonly listing: Listing },
): void {
  const key = environmentMemoryKey(repository, seen.environment);
  if (seen.listing.complete) memory.sizes.set(key, seen.listing.deployments.length);
  const before = seen.by.deleteEnvironment ? null : settledMark(seen.listing.deployments);
  if (before === null) memory.settled.delete(key);
  else
    memory.settled.set(key, {
      before,
      since: seen.listing.deployments.filter(({ createdAt }) => createdAt >= before).length,
    });
}
