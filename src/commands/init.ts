import { fullName } from '../github/ids.ts';
import { POLICY_PATH } from '../policy/load-fields.ts';
import { createProgress } from '../reports/progress.ts';
import type { Environment } from '../settings.ts';
import type { Console } from './console.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { draftPolicy } from './init/draft.ts';
import { settlePolicy } from './init/settle.ts';
import { openRepository, tellingFailures } from './person.ts';

export interface InitOptions {
  /** `OWNER/NAME`. */
  readonly repository: string;
  readonly json: boolean;
  readonly environment: Environment;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * `lockkeeper init`: prints a policy that describes the repository as it is, and by which nothing would change now.
 * Reads only. What the policy does not say goes to stderr.
 * @throws CommandFailure
 */
export async function init(options: InitOptions, console: Console): Promise<ExitCode> {
  const progress = createProgress(process.stderr);
  return tellingFailures(options.environment, async () => {
    try {
      const seen = await openRepository(options.repository, options.environment);
      const repository = fullName(seen.repository);
      progress.begin(`Looking at ${repository}`, null);
      const draft = await draftPolicy(seen.github, seen.repository);
      const heading = [
        'yaml-language-server: $schema=deployments.schema.json',
        `${repository} as it is: \`lockkeeper plan --policy\` changes nothing by it. Commit it as ${POLICY_PATH}.`,
      ];
      const { text, notes } = await settlePolicy(seen, draft.policy, { heading, now: options.now });
      progress.end();
      const told = [...draft.notes, ...notes];
      if (options.json) console.printDocument({ version: 1, repository, policy: text, notes: told });
      else console.print(text.trimEnd());
      for (const note of told) console.say(note);
      return EXIT.done;
    } finally {
      progress.end();
    }
  });
}
