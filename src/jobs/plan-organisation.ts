import { getPages } from '../github/pages.ts';
import { repositoryId } from '../github/trusted.ts';
import { govern, speaksOf } from '../policy/govern.ts';
import { loadPolicy, type LoadedFile } from '../policy/load.ts';
import { countPlan, planLines, planSummary } from '../reports/plan.ts';
import type { ProposedPlan } from '../reports/policy-report.ts';
import type { RepositoryRef } from '../github/ids.ts';
import type { Job } from './job.ts';
import { ORGANISATION_REPOSITORY } from './organisation.ts';
import type { JobContext } from './run-job.ts';
import { planRepository } from './survey.ts';

/**
 * A plan costs two requests or more a repository. So many are looked at for one; an organisation that has more is told
 * how many were.
 */
const MOST_REPOSITORIES = 200;

/**
 * What an organisation's proposed policy would change, repository by repository, with reads only.
 * @throws GitHubError
 */
export async function planOrganisation(context: JobContext, job: Job, proposed: LoadedFile): Promise<ProposedPlan> {
  const governed = await governedRepositories(context, job, proposed);
  const looked = governed.slice(0, MOST_REPOSITORIES);
  const changing: { name: string | null; summary: string }[] = [];
  for (const repository of looked) {
    const summary = await planOne(context, job, { repository, proposed });
    if (summary !== null) changing.push({ name: repository.mayBeNamed ? repository.name : null, summary });
  }
  return { kind: 'repositories', governed: governed.length, looked: looked.length, changing };
}

/** What is read in public must not tell the names of private repositories. */
interface GovernedRepository extends RepositoryRef {
  readonly mayBeNamed: boolean;
}

async function governedRepositories(
  context: JobContext,
  job: Job,
  proposed: LoadedFile,
): Promise<readonly GovernedRepository[]> {
  if (proposed.kind !== 'valid') return [];
  const github = context.clients.installation(job.installation);
  const pages = getPages(github, 'GET /installation/repositories', {}, { items: (data) => data.repositories });
  const found: (RepositoryRef & { readonly isPrivate: boolean })[] = [];
  let isPublicReport = true;
  for await (const page of pages) {
    for (const { id, name, owner, archived, private: isPrivate } of page) {
      if (id === job.repository.id) isPublicReport = !isPrivate;
      if (
        archived ||
        name.toLowerCase() === ORGANISATION_REPOSITORY ||
        !speaksOf(proposed, { owner: owner.login, name })
      )
        continue;
      found.push({ id: repositoryId(id), owner: owner.login, name, isPrivate });
    }
  }
  return found.map((one) => ({ ...one, mayBeNamed: !isPublicReport || !one.isPrivate }));
}

/** Null where nothing would change. */
async function planOne(
  context: JobContext,
  job: Job,
  { repository, proposed }: { readonly repository: RepositoryRef; readonly proposed: LoadedFile },
): Promise<string | null> {
  const github = context.clients.installation(job.installation);
  const loaded = await loadPolicy(github, repository, context.memory.policies);
  if (loaded === null) return null;
  const governing = govern({ repository: loaded.governing.files.repository, organisation: proposed }, repository);
  if (governing.kind !== 'valid') return null;
  const planned = await planRepository(github, {
    repository,
    policy: governing.policy,
    now: context.clock(),
    caches: context.memory.lifecycle,
    appId: context.appId,
  });
  const lines = planLines(planned?.changes ?? []);
  return lines.length === 0 ? null : planSummary(countPlan(lines));
}
