import { spawnSync } from 'node:child_process';

/** Milliseconds from the call of Node to the end of the process. @throws where it does not end well. */
export function timeProcess(args: readonly string[], environment?: NodeJS.ProcessEnv): number {
  const start = performance.now();
  const { error, signal } = spawnSync(process.execPath, args, {
    stdio: 'ignore',
    ...(environment === undefined ? {} : { env: environment }),
  });
  if (error !== undefined) throw error;
  if (signal !== null) throw new Error(`node ${args.join(' ')} was ended by ${signal}`);
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
