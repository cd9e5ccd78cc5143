import type { Listing } from '../../lifecycle/observe-listing.ts';
import { decideProtection } from '../../protection/decide.ts';
import { namesProtection } from '../../protection/governed.ts';
import { tellLeftOut } from '../../protection/left-out.ts';
import type { LoadedPolicy } from '../../policy/load.ts';
import { carryingVerdict } from '../brakes.ts';
import { deployKeysMemory } from '../deploy-keys-memory.ts';
import { forgetFindings } from '../findings.ts';
import { hasAnyGate } from '../gates-look.ts';
import type { ValidPolicy } from '../governing-policy.ts';
import type { Job } from '../job.ts';
import { rememberProgress } from '../last-report.ts';
import { lookAtAll } from '../look-at-all.ts';
import { isAccepted, mayChange, toldOf } from '../look-at-deploy-keys.ts';
import { askForProtection, policyCommit, PROTECTION_SOURCE } from '../look-at-protection.ts';
import { knownNotAllowed } from '../not-allowed.ts';
import { observeProtectionFor, passOn } from '../observed-protection.ts';
import { rememberEnvironments } from '../remember-environments.ts';
import { decideForJob } from '../plan-deploy-keys.ts';
import type { JobContext } from '../run-job.ts';
import { shownToWait } from '../shown-to-wait.ts';
import { listRepository } from '../survey.ts';
import { wakeAll } from '../wake-all.ts';
import type { GlancedWork } from './observe-glance.ts';
import { isProven, listsDigest, rememberProof } from './proof.ts';

/** A repository with a policy that can be acted on, as a glance shows it. */
export interface Swept {
  readonly loaded: LoadedPolicy;
  readonly governing: ValidPolicy;
  readonly work: GlancedWork;
}

/**
 * A part of what a sweep looks after. It only reads: where it is not sure that all is as the policy says, it adds a job
 * that makes it so. What has not changed must cost no rate limit, be it that a glance shows it, that GitHub confirms it
 * with a 304, or that this process knows when the next thing is due.
 * @throws GitHubError
 */
export type SweepPart = (context: JobContext, job: Job, swept: Swept) => Promise<Told>;

/** Whether a job that was added has the whole reported when it is done, so that nobody else need. */
export type Told = 'by a job' | 'not yet';

/** In this order, one after the other. */
export const SWEEP_PARTS: readonly SweepPart[] = [sweepLifecycle, sweepDeployKeys, sweepProtection];

/** Has the environments looked at in which something may be due. */
async function sweepLifecycle(context: JobContext, job: Job, swept: Swept): Promise<Told> {
  const { memory, clock } = context;
  const { repository } = job;
  const { governing, work } = swept;
  if (await isProven(context, job, swept)) {
    forgetFindings(memory, { repository, except: new Set(), now: clock() });
    return 'not yet';
  }
  memory.proofs.delete(repository.id);
  const github = context.clients.installation(job.installation);
  // First the digest: what changes while the list is read makes it another one.
  const lists = work.listing.complete ? null : await listsDigest(github, repository, { now: clock() });
  const listing = work.listing.complete ? work.listing : await listRepository(github, repository);
  if (listing === null) return 'not yet';
  rememberEnvironments(context, job, listing.deployments);
  const isUnshown = await wakeUnshown(context, job, { swept, listing });
  const surveyed = await lookAtAll(context, job, { governing, listing, existing: work.environments });
  // What waits unseen is to be found again by the next sweep.
  if (surveyed !== null && !isUnshown) rememberProof(context, job, { ...swept, surveyed, lists });
  return 'not yet';
}

/** Runs may wait for the app where the policy has no gates: has those looked for that a glance does not show to wait. */
async function wakeUnshown(
  context: JobContext,
  job: Job,
  { swept, listing }: { readonly swept: Swept; readonly listing: Listing },
): Promise<boolean> {
  const { loaded, governing, work } = swept;
  const shown = new Set(work.listing.deployments.map(({ id }) => id));
  const isUnshown = shownToWait(listing.deployments).some(({ id }) => !shown.has(id));
  if (!isUnshown || hasAnyGate(governing.policy)) return false;
  await wakeAll(context, job, { loaded, listed: listing.deployments });
  return true;
}

/** Has protection looked at where it is not as the policy says, or something about it is to be told. */
async function sweepProtection(context: JobContext, job: Job, { loaded, governing }: Swept): Promise<Told> {
  const { policy, version } = governing;
  if (!(await isAccepted(context, job, governing))) return 'not yet';
  if (namesProtection(policy)) {
    const { keys } = knownNotAllowed(context, job, version);
    const snapshot = await observeProtectionFor(context, job, { loaded, governing });
    const { changes, findings, undone } = decideProtection(snapshot, keys);
    const news = changes.length + findings.length + undone.size + tellLeftOut(keys).length;
    if (news === 0 && !hasTold(context, job, PROTECTION_SOURCE) && !context.memory.planned.has(job.repository.id)) {
      if (mayChange(context, policy)) rememberProgress(context, job, { applied: policyCommit(governing), open: [] });
      return 'not yet';
    }
    passOn(context, job, { version, snapshot });
  }
  return (await askForProtection(context, carryingVerdict(context, job, version), loaded)) ? 'by a job' : 'not yet';
}

/** Has deploy keys looked at where one is to be changed, or something about them is to be told. */
async function sweepDeployKeys(context: JobContext, job: Job, { governing }: Swept): Promise<Told> {
  if (governing.policy.deploy_keys === undefined) return 'not yet';
  const decision = await decideForJob(context, job, governing);
  const { told, limited } = deployKeysMemory(context.memory.deployKeys, job.repository.id);
  const isTold = told === toldOf(governing, decision) && limited === null;
  if (decision.changes.length > 0 || !isTold) await context.enqueue({ ...job, scope: { kind: 'deploy-keys' } });
  return 'not yet';
}

function hasTold({ memory }: JobContext, { repository }: Job, source: string): boolean {
  return memory.findings.get(repository.id)?.has(source) ?? false;
}
