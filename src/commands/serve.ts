import { openRegistration } from '../server/registration.ts';
import { startServer } from '../server.ts';
import { createLogger } from '../logging.ts';
import { withDotEnv } from '../settings/dot-env.ts';
import { isRegistered, readSettings, type Environment } from '../settings.ts';

/**
 * Runs the server until the process is told to end, or the registration page where there is no app yet.
 * @throws SettingsError where it must not start.
 */
export async function serve(environment: Environment, cwd: string): Promise<void> {
  const filled = withDotEnv(environment, cwd);
  if (!isRegistered(filled)) {
    endWith(await openRegistration(filled));
    return;
  }
  const settings = readSettings(filled, cwd);
  const log = await createLogger(settings);
  // Node would print the error with all it carries: a delivery, the headers of a request.
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'an error that nobody caught');
    process.exit(1);
  });
  // AWS' client would write many lines beside the log about a Node that its later versions do not run on.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const server = await startServer({ settings, log });
  endWith(() => server.stop());
}

/** Ends well on the first signal, and at once on the second. */
function endWith(stop: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
