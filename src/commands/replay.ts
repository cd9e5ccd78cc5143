import { fullName } from '../github/ids.ts';
import { replayGates } from '../jobs/replay.ts';
import { renderDiagnostic, toDocument } from '../policy/render.ts';
import { createProgress } from '../reports/progress.ts';
import { replayDocument, replayLines } from '../reports/replay.ts';
import type { Environment } from '../settings.ts';
import type { Console } from './console.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openRepository, tellingFailures } from './person.ts';
import { loadGovernance, readProposed, type FileDiagnostic } from './plan/governing.ts';

export interface ReplayOptions {
  /** `OWNER/NAME`. */
  readonly repository: string;
  /** A path; null: the repository's own policy, compared with what happened. */
  readonly policyFile: string | null;
  /** How many deployments of each environment. */
  readonly last: number;
  /** Whether the exit code tells of differences. */
  readonly exitCode: boolean;
  readonly json: boolean;
  readonly environment: Environment;
}

/** More environments than this are named and left out. */
const MOST_ENVIRONMENTS = 50;

/**
 * `lockkeeper replay`: decides past deployments again, under the policy in force and a given one. Reads only.
 * @throws CommandFailure
 */
export async function replay(options: ReplayOptions, console: Console): Promise<ExitCode> {
  const { policyFile, json, last } = options;
  const proposed = policyFile === null ? null : await readProposed(policyFile);
  if (proposed !== null && proposed.errors.length > 0) return tellErrors(proposed.errors, options, console);
  return tellingFailures(options.environment, async () => {
    const seen = await openRepository(options.repository, options.environment);
    const repository = fullName(seen.repository);
    // A policy of the repository's own that does not parse is no reason not to try another.
    const today = await loadGovernance(seen, null);
    const given = proposed === null ? null : await loadGovernance(seen, proposed.file);
    const decisive = given ?? today;
    if (decisive.kind === 'errors') return tellErrors(decisive.diagnostics, { repository, json }, console);
    if (today.kind === 'errors') {
      console.say('The policy in force has errors: everything counts as approved under it.');
    }
    const progress = createProgress(process.stderr);
    progress.begin(`Looking at ${repository}`, null);
    const found = await replayGates(seen.github, {
      repository: seen.repository,
      today: today.kind === 'valid' ? today.policy : null,
      given: given?.kind === 'valid' ? given.policy : null,
      last,
      environments: MOST_ENVIRONMENTS,
    }).finally(() => {
      progress.end();
    });
    if (json) console.printDocument(replayDocument(repository, found));
    else for (const line of replayLines(found, console.paint)) console.print(line);
    const differ = found.deployments.some(({ differs }) => differs);
    return options.exitCode && differ ? EXIT.wouldChange : EXIT.done;
  });
}

function tellErrors(
  errors: readonly FileDiagnostic[],
  { repository, json }: Pick<ReplayOptions, 'repository' | 'json'>,
  console: Console,
): ExitCode {
  const diagnostics = errors.map(({ file, diagnostic }) => ({ file, ...toDocument(diagnostic) }));
  if (json) console.printDocument(replayDocument(repository, null, diagnostics));
  else for (const { file, diagnostic } of errors) console.print(renderDiagnostic(file, diagnostic));
  console.say('error: The policy has errors: nothing is decided by it until they are mended.');
  return EXIT.policyErrors;
}
