import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of `bench/programs`, in a process of its own. */
export interface Program {
  readonly url: string;
  ask(question: 'idle' | 'depth' | 'memory'): Promise<unknown>;
  stop(): Promise<void>;
}

/** What is built lies together. */
const built = dirname(fileURLToPath(import.meta.url)).replace(/\/chunks$/, '');

export async function startProgram(
  name: 'server' | 'probot',
  environment: Readonly<Record<string, string>>,
): Promise<Program> {
  const child = fork(join(built, `bench-${name}.js`), [], {
    env: { PATH: process.env['PATH'], ...environment },
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once('message', (message: { readonly answer: unknown }) => {
        resolve(message.answer);
      });
      void ended.then(() => {
        reject(new Error(`bench-${name} has ended`));
      });
    });
  const url = String(await answer());
  return {
    url,
    ask(question) {
      child.send(question);
      return answer();
    },
    async stop() {
      child.send('stop');
      await ended;
    },
  };
}
