import type { GitHubReader } from '../github/port.ts';
import type { Diagnostic } from '../policy/diagnostics.ts';
import { lintPolicy } from '../policy/lint.ts';
import { deploymentFalse } from '../policy/lint/deployment-false.ts';
import { environmentMissing } from '../policy/lint/environment-missing.ts';
import { noCodeOwner } from '../policy/lint/no-code-owner.ts';
import { govern } from '../policy/govern.ts';
import { organisationFileOf, proposedFileOf, resolvePolicy, type Governing, type LoadedFile } from '../policy/load.ts';
import { POLICY_PATH } from '../policy/load-fields.ts';
import { loadProposal, loadRepositoryFacts, type Proposal } from '../policy/load-proposal.ts';
import { environmentJobs } from '../policy/workflow-jobs.ts';
import { planLines } from '../reports/plan.ts';
import { renderPolicyReport, type ProposedPlan } from '../reports/policy-report.ts';
import type { Job } from './job.ts';
import { ORGANISATION_REPOSITORY } from './organisation.ts';
import { planOrganisation } from './plan-organisation.ts';
import type { Replay } from '../reports/replay.ts';
import { gatesAreAlike, replayGates } from './replay.ts';
import { writeReport } from './report-head.ts';
import type { JobContext } from './run-job.ts';
import { planRepository } from './survey.ts';

/**
 * Says on a pull request what is wrong or odd about the policy that it proposes, and what landing it would do. Reads
 * only, but for the check run itself.
 * @throws GitHubError
 */
export async function lookAtProposal(context: JobContext, job: Job, number: number): Promise<void> {
  const github = context.clients.installation(job.installation);
  const proposal = await loadProposal(github, job.repository, number);
  if (proposal === null) return;
  const file: LoadedFile = proposal.text === null ? { kind: 'absent' } : proposedFileOf(proposal.text);
  const diagnostics = [
    ...('diagnostics' in file ? file.diagnostics : []),
    ...(await warnings(context, job, { file, proposal })),
  ];
  const plan = await planFor(context, job, { file, proposal });
  const replay = plan.kind === 'changes' ? await replayFor(context, job, { file, proposal }) : null;
  await writeReport(context, job, {
    run: renderPolicyReport({ path: POLICY_PATH, diagnostics, plan, replay }),
    sha: proposal.headSha,
  });
}

function isOrganisation({ repository }: Job): boolean {
  return repository.name.toLowerCase() === ORGANISATION_REPOSITORY;
}

/** What is legal but odd, told from the file and from the repository as it would be. */
async function warnings(
  context: JobContext,
  job: Job,
  { file, proposal }: { readonly file: LoadedFile; readonly proposal: Proposal },
): Promise<readonly Diagnostic[]> {
  if (file.kind !== 'valid') return [];
  const { policy, locate } = file;
  const github = context.clients.installation(job.installation);
  const facts = await loadRepositoryFacts(github, job.repository, proposal.headSha);
  const level = isOrganisation(job) ? 'organisation' : 'repository';
  return [
    ...lintPolicy({ policy, locate, now: context.clock(), level }),
    ...(level === 'organisation' || facts.environments === null
      ? []
      : environmentMissing({ policy, locate }, facts.environments)),
    ...deploymentFalse({ policy, locate }, environmentJobs(facts.workflows)),
    ...noCodeOwner({ locate }, { codeowners: facts.codeowners, path: POLICY_PATH }),
  ];
}

async function planFor(
  context: JobContext,
  job: Job,
  { file, proposal }: { readonly file: LoadedFile; readonly proposal: Proposal },
): Promise<ProposedPlan> {
  if (proposal.isFork) return none('There is no plan for pull requests from forks.');
  if (file.kind === 'invalid') return none('There is no plan until the errors are mended.');
  if (isOrganisation(job)) return planOrganisation(context, job, file);
  const { repository } = job;
  const governing = proposedGoverning(context, job, { file, proposal });
  if (governing.kind === 'none') return none('Without a policy, nothing is done in this repository.');
  if (governing.kind === 'broken') return none('The organisation’s policy does not parse: nothing is changed.');
  const github: GitHubReader = context.clients.installation(job.installation);
  const planned = await planRepository(github, {
    repository,
    policy: governing.policy,
    now: context.clock(),
    caches: context.memory.lifecycle,
    appId: context.appId,
  });
  if (planned === null) return none('The repository cannot be read.');
  const { changes, findings } = planned;
  const told = governing.policy.mode === 'report' ? ['`mode: report`: this is told, and nothing of it is done.'] : [];
  const kept = findings.map(({ message, environment }) => `${environment ?? ''} ${message}`);
  return { kind: 'changes', lines: planLines(changes), notes: told, kept };
}

/** What would govern the repository. */
function proposedGoverning(
  { memory }: JobContext,
  { repository }: Job,
  { file, proposal }: { readonly file: LoadedFile; readonly proposal: Proposal },
): Governing {
  const organisation = organisationFileOf(proposal.ride, repository, memory.policies);
  return govern({ repository: file, organisation }, repository, memory.policies);
}

/** What of each environment's past is decided again, and of how many environments: a report is not worth more reads. */
const REPLAYED = { last: 10, environments: 5 };

/** The last deployments under the proposed gates; null where these are as they were. */
async function replayFor(
  context: JobContext,
  job: Job,
  seen: { readonly file: LoadedFile; readonly proposal: Proposal },
): Promise<Replay | null> {
  const { repository } = job;
  const now = resolvePolicy(seen.proposal.ride, repository, context.memory.policies);
  const today = now?.governing.kind === 'valid' ? now.governing.policy : null;
  const then = proposedGoverning(context, job, seen);
  const given = then.kind === 'valid' ? then.policy : null;
  if (given === null || gatesAreAlike(today, given)) return null;
  return replayGates(context.clients.installation(job.installation), { repository, today, given, ...REPLAYED });
}

function none(why: string): ProposedPlan {
  return { kind: 'none', why };
}
