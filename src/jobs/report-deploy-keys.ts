import { observeAnnounced } from '../deploy-keys/observe-announced.ts';
import { announcementKey, type DeployKeysReport } from '../reports/deploy-keys-report.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { planLines } from '../reports/plan.ts';
import { verdictFor } from './brakes.ts';
import { deployKeysMemory } from './deploy-keys-memory.ts';
import type { ValidPolicy } from './governing-policy.ts';
import type { Job } from './job.ts';
import { deletionsIn, mayChange } from './look-at-deploy-keys.ts';
import { decideForJob } from './plan-deploy-keys.ts';
import type { JobContext } from './run-job.ts';

/** What the report says of deploy keys: a section of its own, and what needs attention. */
export interface ReportedDeployKeys {
  readonly section: DeployKeysReport;
  readonly findings: readonly Finding[];
}

/**
 * What the report is to say of deploy keys now; null where the policy does not speak of them. Deletions that were not
 * announced before are announced only where the job asks for it: the sweep that follows is the one that deletes them,
 * and a report that is written beside a sweep must not come in between.
 * @throws GitHubError
 */
export async function reportDeployKeys(
  context: JobContext,
  job: Job,
  governing: ValidPolicy,
): Promise<ReportedDeployKeys | null> {
  const { memory } = context;
  const { repository } = job;
  const { policy, version } = governing;
  if (policy.deploy_keys === undefined || (await verdictFor(context.brakes, job, version)) === 'held') {
    memory.deployKeys.delete(repository.id);
    return null;
  }
  const known = deployKeysMemory(memory.deployKeys, repository.id);
  const { changes, findings } = await decideForJob(context, job, governing);
  const acts = mayChange(context, policy);
  const deletions = acts ? deletionsIn(changes) : [];
  const earlier =
    deletions.length === 0 || job.announces === true
      ? null
      : await observeAnnounced(context.clients.installation(job.installation), { repository, appId: context.appId });
  const section: DeployKeysReport = {
    announced: earlier === null ? deletions : deletions.filter((one) => earlier.has(announcementKey(one))),
    wouldChange: acts ? [] : planLines(changes),
  };
  known.reported = { section, findings };
  return known.reported;
}
