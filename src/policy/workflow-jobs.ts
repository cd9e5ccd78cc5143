import { load } from 'js-yaml';
import { z } from 'zod';
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

/**
 * The jobs of a workflow that name an environment. A workflow that is no YAML, or none, has none: GitHub says so to its
 * authors. Names that are only known when the workflow runs are left out.
 */
export function environmentJobs({
  path,
  text,
}: {
  readonly path: string;
  readonly text: string;
}): readonly EnvironmentJob[] {
  const parsed = workflow.safeParse(loadOrNull(text));
  if (!parsed.success) return [];
  return Object.entries(parsed.data.jobs).flatMap(([job, { environment }]) => {
    if (environment === undefined) return [];
    const { name, deployment } = typeof environment === 'string' ? { name: environment } : environment;
    return name.includes('${{') ? [] : [{ workflow: path, job, environment: name, deployment: deployment !== false }];
  });
}

function loadOrNull(text: string): unknown {
  try {
    return load(text);
  } catch {
    return null;
  }
}
