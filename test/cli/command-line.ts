import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, jest } from '@jest/globals';

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
  let built = '';
  let cwd = '';
  const path = (): string => join(built, 'cli.js');

  beforeAll(async () => {
    // Inside node_modules, so that the packages are found.
    const cache = resolve('node_modules/.cache');
    await mkdir(cache, { recursive: true });
    built = await mkdtemp(join(cache, 'lockkeeper-'));
    cwd = await mkdtemp(join(tmpdir(), 'lockkeeper-'));
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', built]);
  });
  afterAll(async () => {
    await Promise.all([built, cwd].map((folder) => rm(folder, { recursive: true, force: true })));
  });
  return {
    get path() {
      return path();
    },
    call: (args, environment = {}) => callProcess([path(), ...args], { environment, cwd }),
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
