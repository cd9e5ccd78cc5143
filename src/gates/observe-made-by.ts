import { z } from 'zod';
import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { unreadableError } from './observe-more.ts';
import type { ObservedRun } from './observe-run.ts';
import { known, mapFact, readPart, unreadable, type PartialAnswer } from './read-fact.ts';
import { RUN_DEPLOYMENTS } from './run-documents.ts';
import type { Fact } from './snapshot.ts';

/** Pages of 100 jobs, of all attempts: GitHub allows 256 an attempt. */
const MOST_PAGES = 10;

const suiteAnswer = z.object({
  repository: z.object({ databaseId: z.number() }),
  workflowRun: z.object({ databaseId: z.number() }),
  checkRuns: z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    nodes: z.array(z.object({ deployment: z.object({ databaseId: z.number() }).nullable() })),
  }),
});

interface JobsPage {
  readonly deployments: readonly number[];
  readonly next: string | null;
}

interface RunPlace {
  readonly repository: RepositoryRef;
  readonly run: Pick<ObservedRun, 'id' | 'suite'>;
}

/** The deployments that a page of a run's jobs made. Unreadable where the suite is not that run's. */
export function readMadeByJobs(answer: PartialAnswer, path: readonly string[], place: RunPlace): Fact<JobsPage> {
  const part = readPart(answer, path, suiteAnswer);
  if (part.kind === 'unreadable') return part;
  const { repository, workflowRun, checkRuns } = part.value;
  if (repository.databaseId !== place.repository.id || workflowRun.databaseId !== place.run.id) {
    return unreadable('GitHub answered about another run');
  }
  return mapFact(part, () => ({
    deployments: checkRuns.nodes.flatMap(({ deployment }) => deployment?.databaseId ?? []),
    next: checkRuns.pageInfo.hasNextPage ? (checkRuns.pageInfo.endCursor ?? null) : null,
  }));
}

/** Whether a job of a run made a deployment, of which a status only says so. */
export async function observeMadeBy(
  github: Pick<GitHubReader, 'query'>,
  place: RunPlace,
  deployment: number,
): Promise<Fact<boolean>> {
  try {
    let after: string | null = null;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const { data, problems } = await github.query(RUN_DEPLOYMENTS, { suite: place.run.suite, after });
      const page = readMadeByJobs({ root: data, problems }, ['suite'], place);
      if (page.kind === 'unreadable') return page;
      if (page.value.deployments.includes(deployment)) return known(true);
      after = page.value.next;
      if (after === null) return known(false);
    }
    return unreadable(`run ${place.run.id} has more jobs than are read`);
  } catch (error) {
    return unreadableError(error);
  }
}
