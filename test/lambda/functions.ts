import { execFile, fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { unzip } from './unzip.ts';

/** The parts of the CloudFormation template that are looked at. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Properties }>>;
}

export type Properties = Readonly<Record<string, unknown>>;

export type FunctionName = 'webhook' | 'worker' | 'sweep';

/** The functions as they are deployed: what `npm run package` makes, unpacked. */
export interface Packaged {
  readonly template: Template;
  /** Starts a function in a process of its own, as Lambda does. */
  start(name: FunctionName, environment: Readonly<Record<string, string>>): RunningFunction;
  remove(): Promise<void>;
}

export interface RunningFunction {
  /** Calls its handler. Rejects with what the handler throws. */
  call(event: unknown, remaining?: number): Promise<unknown>;
  /** What it has logged so far. */
  readonly log: () => string;
  stop(): Promise<void>;
}

const run = promisify(execFile);
/** The last of the function's timeout: nobody waits for it. */
const REMAINING = 300_000;

/** What Lambda's runtime does: it imports the module, and calls its handler with one event after the other. */
const RUNTIME = `
const [file, name] = process.argv.slice(2);
const loaded = import(file);
process.on('message', async ({ event, remaining }) => {
  const end = Date.now() + remaining;
  try {
    const handler = (await loaded)[name];
    process.send({ answer: (await handler(event, { getRemainingTimeInMillis: () => end - Date.now() })) ?? null });
  } catch (error) {
    process.send({ error: String(error.message) });
  }
});
`;

/** Packages elsewhere than in the working directory, where others may be building. */
export async function packageFunctions(): Promise<Packaged> {
  const folder = await mkdtemp(join(tmpdir(), 'functions-'));
  const [serverless, packages] = [join(folder, 'serverless'), join(folder, 'packages')];
  await run(process.execPath, ['scripts/lambda-bundles.mjs', join(folder, 'dist/lambda')]);
  await copyFile('serverless.yml', join(folder, 'serverless.yml'));
  await run(process.execPath, [resolve('node_modules/osls/bin/serverless.js'), 'package', '--package', serverless], {
    cwd: folder,
    // Without credentials, and without telling anybody.
    env: { PATH: process.env['PATH'], HOME: folder, SLS_TELEMETRY_DISABLED: '1', CI: 'true' },
  });
  const template = JSON.parse(
    await readFile(join(serverless, 'cloudformation-template-update-stack.json'), 'utf8'),
  ) as Template;
  const names: readonly FunctionName[] = ['webhook', 'worker', 'sweep'];
  await Promise.all(names.map((name) => unzip(join(serverless, `${name}.zip`), join(packages, name))));
  const runtime = join(folder, 'runtime.mjs');
  await writeFile(runtime, RUNTIME);
  return {
    template,
    start(name, environment) {
      const resource = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
      const [file = '', exported = ''] = String(template.Resources[resource]?.Properties['Handler']).split('.');
      return startFunction(fork(runtime, [join(packages, name, `${file}.mjs`), exported], options(environment)));
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

function options(environment: Readonly<Record<string, string>>): ForkOptions {
  return { env: { ...environment }, execArgv: [], silent: true };
}

function startFunction(child: ChildProcess): RunningFunction {
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((done) =>
    child.once('exit', () => {
      done();
    }),
  );
  let last: Promise<unknown> = Promise.resolve();

  function call(event: unknown, remaining: number): Promise<unknown> {
    return new Promise((done, fail) => {
      child.once('message', (told: { readonly answer?: unknown; readonly error?: string }) => {
        if (told.error === undefined) done(told.answer);
        else fail(new Error(told.error));
      });
      void ended.then(() => {
        fail(new Error(`the function ended: ${log}`));
      });
      child.send({ event, remaining });
    });
  }

  return {
    // One after the other, as Lambda calls one instance.
    call(event, remaining = REMAINING) {
      const turn = last.then(() => call(event, remaining));
      last = turn.catch(() => undefined);
      return turn;
    },
    log: () => log,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
