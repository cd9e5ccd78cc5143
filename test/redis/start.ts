import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../server/ports.ts';

/** A Redis of the test's own, on a free port of loopback. */
export interface RedisUnderTest {
  readonly url: string;
  /** Ends it as a machine that fails does. What was written to its file stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what was written. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startRedis(): Promise<RedisUnderTest> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  let child = await startServer(port, folder);
  const kill = (): Promise<void> => end(child, 'SIGKILL');
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    async start() {
      child = await startServer(port, folder);
    },
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Every write is handed to the system before it is answered: it outlives the process. */
const OPTIONS = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'];

async function startServer(port: number, folder: string): Promise<ChildProcess> {
  const child = spawn('redis-server', [...OPTIONS, '--port', String(port), '--dir', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
    child.once('exit', () => {
      reject(new Error(`redis-server ended: ${output}`));
    });
  });
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill(signal);
  });
}
