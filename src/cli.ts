import { Command, CommanderError, InvalidArgumentError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { createConsole } from './commands/console.ts';
import { CommandFailure, EXIT, type ExitCode } from './commands/exit-code.ts';

const JSON_OPTION = ['--json', 'print one JSON document on stdout, and nothing else there'] as const;
const REPOSITORY_OPTION = ['--repo <owner/name>', 'the repository on GitHub', repositoryName] as const;
const POLICY_PATH = '.github/deployments.yml';

const AFTER_HELP = `
GitHub is asked with the token in GITHUB_TOKEN, at GITHUB_API_URL (default https://api.github.com).

Exit codes: 0 done, or approved; 1 the policy has errors; 2 wrong usage; 3 with --exit-code: something would
change or differ; 4 done in part; 5 would wait; 6 would be rejected; 7 GitHub could not be reached, refused the token, or has no such repository.`;

interface JsonOption {
  readonly json?: boolean;
}

interface PlanOptions extends JsonOption {
  readonly repo: string;
  readonly policy?: string;
  readonly exitCode?: boolean;
}

interface ExplainOptions extends JsonOption {
  readonly repo: string;
  readonly environment: string;
  readonly ref: string;
  readonly creator?: string;
  readonly at?: string;
  readonly policy?: string;
}

interface ReplayOptions extends PlanOptions {
  readonly last: number;
}

/** Commands are loaded when they are called: none waits for what only another needs. */
function createProgram(end: (code: ExitCode) => void): Command {
  const console = createConsole(process.env);
  const program = new Command('lockkeeper')
    .description('Governs deployments on GitHub as a policy file says.')
    .version(manifest.version)
    .exitOverride()
    .addHelpText('after', AFTER_HELP);
  program
    .command('serve')
    .description('run the server; without an APP_ID, the page that registers an app')
    .action(async () => {
      // What is logged of errors names our own lines, not those of the bundle.
      process.setSourceMapsEnabled(true);
      const { serve } = await import('./commands/serve.ts');
      await serve(process.env, process.cwd());
    });
  program
    .command('validate')
    .description('check a policy file, without asking GitHub')
    .argument('[file]', 'the policy', POLICY_PATH)
    .option(...JSON_OPTION)
    .action(async (file: string, { json = false }: JsonOption) => {
      const { validate } = await import('./commands/validate.ts');
      end(await validate(file, { json, now: Date.now() }, console));
    });
  program
    .command('plan')
    .description('show what apply would change now; reads only')
    .requiredOption(...REPOSITORY_OPTION)
    .option('--policy <file>', 'plan with this file in the place of the repository’s own')
    .option('--exit-code', 'end with 3 where something would change')
    .option(...JSON_OPTION)
    .action(async ({ repo, policy, exitCode = false, json = false }: PlanOptions) => {
      const { plan } = await import('./commands/plan.ts');
      end(await plan({ repository: repo, policyFile: policy ?? null, exitCode, json, ...surroundings() }, console));
    });
  program
    .command('apply')
    .description('make the repository as its policy says')
    .requiredOption(...REPOSITORY_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ repo, json = false }: PlanOptions) => {
      const { apply } = await import('./commands/apply.ts');
      end(await apply({ repository: repo, json, ...surroundings() }, console));
    });
  program
    .command('explain')
    .description('show what the gates would say of a deployment that has not happened')
    .requiredOption(...REPOSITORY_OPTION)
    .requiredOption('--environment <name>', 'where it would go')
    .requiredOption('--ref <ref>', 'what it would be of: a branch, a tag or a commit')
    .option('--creator <login>', 'who would create it; if not said, whoever the token belongs to')
    .option('--at <time>', 'when: 2026-12-24T18:00, in UTC unless it has an offset; if not said, now')
    .option('--policy <file>', 'go by this file in the place of the repository’s own')
    .option(...JSON_OPTION)
    .action(async ({ repo, environment, ref, creator, at, policy, json = false }: ExplainOptions) => {
      const { explain } = await import('./commands/explain.ts');
      const asked = { repository: repo, deployTo: environment, ref, creator: creator ?? null, at: at ?? null };
      end(await explain({ ...asked, policyFile: policy ?? null, json, ...surroundings() }, console));
    });
  program
    .command('replay')
    .description('decide past deployments again, under the policy in force and a given one')
    .requiredOption(...REPOSITORY_OPTION)
    .option('--policy <file>', 'compare the policy in force with this file; if not said, with what happened')
    .option('--last <number>', 'how many deployments of each gated environment', wholeNumber, 50)
    .option('--exit-code', 'end with 3 where something differs')
    .option(...JSON_OPTION)
    .action(async ({ repo, policy, last, exitCode = false, json = false }: ReplayOptions) => {
      const { replay } = await import('./commands/replay.ts');
      end(
        await replay(
          { repository: repo, policyFile: policy ?? null, last, exitCode, json, ...surroundings() },
          console,
        ),
      );
    });
  program
    .command('init')
    .description('print a policy that describes the repository as it is')
    .requiredOption(...REPOSITORY_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ repo, json = false }: PlanOptions) => {
      const { init } = await import('./commands/init.ts');
      end(await init({ repository: repo, json, ...surroundings() }, console));
    });
  program
    .command('demo')
    .description('play a day of deployments against a simulated GitHub')
    .action(async () => {
      // Built beside this file, and not part of it: the simulated GitHub is for people who look, not for production.
      const demo = new URL('demo.js', import.meta.url);
      await import(demo.href);
    });
  return program;
}

/** What commands would otherwise read from the process. */
function surroundings() {
  return { environment: process.env, now: Date.now() };
}

function repositoryName(text: string): string {
  // `.` and `..` are steps in a path, and no names.
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/(?!\.{1,2}$)[\w.-]{1,100}$/.test(text)) return text;
  throw new InvalidArgumentError('Write it as OWNER/NAME.');
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number from 1 to 9999.');
}

async function main(): Promise<void> {
  try {
    await createProgram((code) => {
      process.exitCode = code;
    }).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    } else if (error instanceof CommandFailure) {
      process.stderr.write(`error: ${error.message}\n`);
      process.exitCode = error.exitCode;
    } else if (error instanceof Error && error.name === 'SettingsError') {
      process.stderr.write(`${error.message}\n`);
      process.exit(EXIT.policyErrors);
    } else {
      throw error;
    }
  }
}

await main();
