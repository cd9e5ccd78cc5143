import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { builtCommand } from '../run/built-command.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  /** stdout and stderr together, as they came. */
  readonly output: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves when the output holds `text`. */
  readonly says: (text: string) => Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface CommandLine {
  /** An empty directory, where processes are started. */
  readonly cwd: string;
  start(args: readonly string[], environment: Readonly<Record<string, string>>): Running;
  remove(): Promise<void>;
}

/** The command as it is built, in processes of their own. */
export async function useBuiltCommand(): Promise<CommandLine> {
  const cwd = await mkdtemp(join(tmpdir(), 'lockkeeper-'));
  return {
    cwd,
    start: (args, environment) => startProcess([builtCommand(), ...args], environment, cwd),
    remove: () => rm(cwd, { recursive: true }),
  };
}

/** A file of ours, with what it imports, as a program. */
export async function buildProcess(
  path: string,
): Promise<{ start(args: readonly string[]): Running; remove(): Promise<void> }> {
  // Inside node_modules, so that the packages are found.
  const cache = resolve('node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'process-'));
  const outfile = join(folder, 'main.mjs');
  await build({ entryPoints: [path], outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external' });
  return {
    start: (args) => startProcess([outfile, ...args], {}, folder),
    remove: () => rm(folder, { recursive: true }),
  };
}

function startProcess(args: readonly string[], environment: Readonly<Record<string, string>>, cwd: string): Running {
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], ...environment }, cwd });
  let output = '';
  let closed = false;
  const listeners = new Set<() => void>();
  const append = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', append);
  child.stderr.on('data', append);
  const ended = new Promise<Ended>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => {
      closed = true;
      done({ code, signal, output });
      for (const listener of listeners) listener();
    });
  });
  const says = (text: string): Promise<void> =>
    new Promise((done, fail) => {
      const look = (): void => {
        if (output.includes(text)) done();
        else if (closed) fail(new Error(`ended without saying ${text}: ${output}`));
      };
      listeners.add(look);
      look();
    });
  return { process: child, says, ended };
}
