import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** The command line as it is built, for all tests of a file, in a process of its own for each call. */
export function useCommandLine(): CommandLine {
  const path = builtCommand();
  let cwd = '';
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'lockkeeper-'));
  });
  afterAll(() => rm(cwd, { recursive: true, force: true }));
  return {
    path,
    call: (args, environment = {}) => callProcess([path, ...args], { environment, cwd }),
    write: (name, content) => writeFile(join(cwd, name), content),
  };
}

function callProcess(
  args: readonly string[],
  { environment, cwd }: { readonly environment: Readonly<Record<string, string>>; readonly cwd: string },
): Promise<Called> {
  const env = { PATH: process.env['PATH'], ...environment };
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code ?? Number.NaN), stdout, stderr });
    });
  });
}
