import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { builtCommand } from '../run/built-command.ts';

/** What became of a call. */
export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandLine {
  /** The built file. */
  readonly path: string;
  /** Calls `lockkeeper` in an empty directory, with these variables and no others but PATH. */
  call(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Called>;
  /** Writes a file into that directory. */
  write(name: string, content: string | Uint8Array): Promise<void>;
}

/** Processes that start on a busy machine. */
jest.setTimeout(120_000);

/**
 * The command line as it is built, for all tests of a file. In one process, which calls it again and again, or in a
 * process of its own for each call, where that is what is tested.
 */
export function useCommandLine(processes: 'one' | 'each' = 'one'): CommandLine {
  const path = builtCommand();
  let cwd = '';
  let host: ChildProcess | null = null;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'lockkeeper-'));
    if (processes === 'one') host = fork(resolve('test/cli/host.mjs'), { execArgv: [] });
  });
  afterAll(async () => {
    host?.kill();
    await rm(cwd, { recursive: true, force: true });
  });
  return {
    path,
    call: (args, environment = {}) => {
      const variables = { PATH: process.env['PATH'], ...environment };
      return host === null
        ? callProcess([path, ...args], { env: variables, cwd })
        : callHost(host, { path, args, environment: variables, cwd });
    },
    write: (name, content) => writeFile(join(cwd, name), content),
  };
}

async function callHost(host: ChildProcess, asked: object): Promise<Called> {
  const answer = once(host, 'message');
  host.send(asked);
  const [called] = (await answer) as [Called];
  return called;
}

function callProcess(
  args: readonly string[],
  { env, cwd }: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
): Promise<Called> {
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code ?? Number.NaN), stdout, stderr });
    });
  });
}
