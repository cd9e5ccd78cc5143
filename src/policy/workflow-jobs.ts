import { CORE_SCHEMA, load } from 'js-yaml';
import { z } from 'zod';
import { environmentName } from '../github/names.ts';
import type { EnvironmentJob } from './lint/deployment-false.ts';

const workflow = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      environment: z
        .union([z.string(), z.object({ name: z.string(), deployment: z.boolean().optional() })])
        .optional()
        .catch(undefined),
    }),
  ),
});

/** Characters of all workflows together: anybody who opens a pull request writes them, and they are read here and now. */
export const MOST_TEXT = 524_288;
export const MOST_JOBS = 1_000;
/** A job of a longer name is somebody's game. */
const LONGEST_JOB = 100;

/**
 * The jobs of workflows that name an environment. A workflow that is no YAML, or none, has none: GitHub says so to its
 * authors. Names that are only known when the workflow runs are left out, and names that no environment can have. Of more
 * workflows or jobs than anybody has, the first are read.
 */
export function environmentJobs(
  workflows: readonly { readonly path: string; readonly text: string }[],
): readonly EnvironmentJob[] {
  const found: EnvironmentJob[] = [];
  let left = MOST_TEXT;
  for (const { path, text } of workflows) {
    left -= text.length;
    if (left < 0 || found.length >= MOST_JOBS) break;
    found.push(...jobsOf(path, text));
  }
  return found.slice(0, MOST_JOBS);
}

function jobsOf(path: string, text: string): readonly EnvironmentJob[] {
  const parsed = workflow.safeParse(loadOrNull(text));
  if (!parsed.success) return [];
  return Object.entries(parsed.data.jobs).flatMap(([job, { environment }]) => {
    if (environment === undefined || job.length > LONGEST_JOB) return [];
    const { name, deployment } = typeof environment === 'string' ? { name: environment } : environment;
    if (name.includes('${{') || !environmentName.safeParse(name).success) return [];
    return [{ workflow: path, job, environment: name, deployment: deployment !== false }];
  });
}

/** Without merge keys, which Actions has not, and which make much of little. */
function loadOrNull(text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch {
    return null;
  }
}
