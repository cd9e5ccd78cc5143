import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Functions {
  /** Calls a function with one event after the other, in one process, as Lambda does. */
  call(
    name: 'webhook' | 'sweep',
    environment: Readonly<Record<string, string>>,
    events: readonly unknown[],
  ): Promise<Called>;
  remove(): Promise<void>;
}

export interface Called {
  readonly answers: readonly { readonly statusCode: number; readonly body: string }[];
  /** What the process logged. */
  readonly log: string;
}

/** Answers go to a file descriptor of their own: stdout is the log. */
const CALLER = `
import { writeSync } from 'node:fs';
const { handler } = await import(process.argv[1]);
for (const event of JSON.parse(process.argv[2])) {
  const answer = await handler(event).catch((error) => ({ statusCode: 0, body: String(error.message) }));
  writeSync(3, JSON.stringify(answer ?? { statusCode: 0, body: '' }) + '\\n');
}
process.exit(0);
`;

/** The functions as they are packaged: bundled, and in a process of their own, since jest cannot load the adapter. */
export async function bundleFunctions(): Promise<Functions> {
  const outdir = await mkdtemp(join(tmpdir(), 'functions-'));
  await promisify(execFile)(process.execPath, ['scripts/lambda-bundles.mjs', outdir]);
  return {
    call: (name, environment, events) => callHandler(join(outdir, `${name}.mjs`), environment, events),
    remove: () => rm(outdir, { recursive: true }),
  };
}

function callHandler(
  bundle: string,
  environment: Readonly<Record<string, string>>,
  events: readonly unknown[],
): Promise<Called> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CALLER, bundle, JSON.stringify(events)], {
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const read: string[] = ['', '', '', ''];
  for (const fd of [1, 2, 3]) {
    child.stdio[fd]?.on('data', (chunk: Buffer) => {
      read[fd] = (read[fd] ?? '') + chunk.toString();
    });
  }
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', () => {
      const answers = (read[3] ?? '').split('\n').filter((line) => line !== '');
      done({
        answers: answers.map((line) => JSON.parse(line) as Called['answers'][number]),
        log: `${read[1] ?? ''}${read[2] ?? ''}`,
      });
    });
  });
}
