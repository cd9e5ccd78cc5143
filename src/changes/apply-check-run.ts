import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHub } from '../github/port.ts';
import { MOST_ANNOTATIONS, type Annotation } from '../reports/check-run.ts';
import type { CheckRunChange } from './change.ts';

/**
 * Writes a check run: a new one, or over the one that the commit has. GitHub adds annotations to those that a run has,
 * so that only a new one gets them: they speak of the commit's own lines, and those do not change. The digest is
 * written with the last request, so that a run that was left half-way does not count as written. Where an answer was lost,
 * it is read whether the run was written. Resolves to its number.
 * @throws GitHubError
 */
export async function writeCheckRun(
  github: Pick<GitHub, 'get' | 'send'>,
  repository: RepositoryRef,
  change: CheckRunChange,
): Promise<number> {
  try {
    return await sendCheckRun(github, repository, change);
  } catch (error) {
    if (!(error instanceof GitHubError) || error.kind !== 'lost') throw error;
    const written = await findWritten(github, repository, change);
    if (written === null) throw error;
    return written;
  }
}

/** The run that says just this; null where there is none. */
async function findWritten(
  github: Pick<GitHub, 'get'>,
  { owner, name: repo }: RepositoryRef,
  { run: { name }, headSha, digest, existing }: CheckRunChange,
): Promise<number | null> {
  const { check_runs } = await github.get('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    owner,
    repo,
    ref: headSha,
    check_name: name,
    filter: 'latest',
    per_page: 100,
  });
  const ids = check_runs.filter(({ external_id }) => external_id === digest).map(({ id }) => Number(id));
  return ids.find((id) => existing === null || id === existing) ?? null;
}

async function sendCheckRun(
  github: Pick<GitHub, 'send'>,
  repository: RepositoryRef,
  { run, headSha, digest, existing }: CheckRunChange,
): Promise<number> {
  const place = { owner: repository.owner, repo: repository.name };
  const { name, conclusion, title, summary } = run;
  const buttons = run.actions === undefined ? {} : { actions: run.actions.map((action) => ({ ...action })) };
  const said = { name, status: 'completed', conclusion, ...buttons } as const;
  if (existing !== null) {
    await github.send('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      ...place,
      ...said,
      check_run_id: existing,
      external_id: digest,
      output: { title, summary },
    });
    return existing;
  }
  const [first = [], ...rest] = batch(run.annotations);
  const { id } = await github.send('POST /repos/{owner}/{repo}/check-runs', {
    ...place,
    ...said,
    head_sha: headSha,
    output: { title, summary, annotations: first.map(toAnnotation) },
    ...(rest.length === 0 ? { external_id: digest } : {}),
  });
  for (const [i, annotations] of rest.entries()) {
    await github.send('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      ...place,
      check_run_id: Number(id),
      output: { title, summary, annotations: annotations.map(toAnnotation) },
      ...(i === rest.length - 1 ? { external_id: digest } : {}),
    });
  }
  return Number(id);
}

function toAnnotation({ path, startLine, endLine, columns, level, title, message }: Annotation) {
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    ...(columns === null ? {} : { start_column: columns.start, end_column: columns.end }),
    annotation_level: level,
    title,
    message,
  };
}

function batch(annotations: readonly Annotation[]): readonly (readonly Annotation[])[] {
  const batches: (readonly Annotation[])[] = [];
  for (let from = 0; from < annotations.length; from += MOST_ANNOTATIONS) {
    batches.push(annotations.slice(from, from + MOST_ANNOTATIONS));
  }
  return batches;
}
