import { Command, CommanderError } from 'commander';
import { SettingsError } from './settings.ts';

/** What commands end with; part of the interface that scripts rely on. */
const USAGE = 2;
const REFUSED = 1;

/** Commands are loaded when they are called: none waits for what only another needs. */
function createProgram(): Command {
  const program = new Command('lockkeeper')
    .description('Governs deployments on GitHub as a policy file says.')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  program
    .command('serve')
    .description('run the server; without an APP_ID, the page that registers an app')
    .action(async () => {
      const { serve } = await import('./commands/serve.ts');
      await serve(process.env, process.cwd());
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

async function main(): Promise<void> {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE;
    } else if (error instanceof SettingsError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(REFUSED);
    } else {
      throw error;
    }
  }
}

await main();
