import { decideDeployKeys, type DeployKeysDecision } from '../deploy-keys/decide.ts';
import { observeDeployKeys } from '../deploy-keys/observe.ts';
import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import type { Policy } from '../policy/schema.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { deployKeysMemory, mayHaveBeenGranted } from './deploy-keys-memory.ts';
import type { Job } from './job.ts';
import type { JobContext } from './run-job.ts';

const NOTHING: DeployKeysDecision = { changes: [], findings: [] };

/**
 * What a policy would do to a repository's deploy keys, with reads only.
 * @throws GitHubError
 */
export async function planDeployKeys(
  github: GitHubReader,
  question: { readonly repository: RepositoryRef; readonly policy: Policy; readonly now: number },
): Promise<DeployKeysDecision> {
  const { repository, now } = question;
  const policy = question.policy.deploy_keys;
  if (policy === undefined) return NOTHING;
  const observed = await observeDeployKeys(github, { repository, allow: policy.allow });
  if (observed.kind === 'denied') return { changes: [], findings: [deniedFinding(observed.detail)] };
  return decideDeployKeys({ snapshot: observed.snapshot, policy, now });
}

/**
 * The same for a job. What the installation may not read is asked for once a version of the policy, and by sweeps.
 * @throws GitHubError
 */
export async function decideForJob(
  context: JobContext,
  job: Job,
  { policy, version }: { readonly policy: Policy; readonly version: string },
): Promise<DeployKeysDecision> {
  const memory = deployKeysMemory(context.memory.deployKeys, job.repository.id);
  const now = context.clock();
  const asksAgain = job.reason === 'sweep' || mayHaveBeenGranted(job.reason);
  if (memory.denied?.version === version && !asksAgain) return { changes: [], findings: [memory.denied.finding] };
  const github = context.clients.installation(job.installation);
  const decision = await planDeployKeys(github, { repository: job.repository, policy, now });
  const denied = decision.findings.find(({ code }) => code === 'deploy_keys_denied');
  memory.denied = denied === undefined ? null : { version, at: now, until: 'sweep', finding: denied };
  return decision;
}

function deniedFinding(detail: string): Finding {
  const message = `The deploy keys cannot be read, so they are left alone: ${detail}. It takes \`administration\`.`;
  return { code: 'deploy_keys_denied', message };
}
