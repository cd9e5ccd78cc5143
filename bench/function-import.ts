import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build, type BuildOptions } from 'esbuild';
import { median, timeProcess } from './pairs.ts';
import { worstOf, type Benchmark, type Variant } from './row.ts';

/** Pairs of processes, one after the other: what else the machine does hits both of a pair. */
const PAIRS = 31;

const EMPTY_APP = `
import { createLambdaFunction, createProbot } from '@probot/adapter-aws-lambda-serverless';
export const handler = createLambdaFunction(() => undefined, { probot: createProbot() });
`;

/** How an app would be bundled: as esbuild does by itself, and as small as the function that it is held against. */
const BASELINES: Readonly<Record<string, BuildOptions>> = {
  'an empty Probot app': {},
  'an empty Probot app, minified': { minifySyntax: true, minifyWhitespace: true, mainFields: ['module', 'main'] },
};

/** How long it takes until the webhook function can be called. */
export const functionImport: Benchmark = {
  name: 'function-import',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'function-import-'));
    try {
      await promisify(execFile)(process.execPath, ['scripts/lambda-bundles.mjs', folder]);
      const webhook = join(folder, 'webhook', 'index.mjs');
      const environment = variables();
      await assertAnswers(webhook, environment);
      const variants: Variant[] = [];
      for (const [name, options] of Object.entries(BASELINES)) {
        const empty = join(folder, `${variants.length}.mjs`);
        await bundleEmptyApp(empty, options);
        variants.push(measure(name, { empty, webhook, environment }));
      }
      const worst = worstOf(variants, 'at most');
      return [
        {
          figure:
            'import of the bundled webhook function against a bundled Probot app with the adapter and an empty ' +
            'handler, whole process, median of alternating pairs',
          unit: 'times as long',
          bar: { kind: 'at most', value: 1.2 },
          measured: worst.measured,
          baseline: null,
          variants,
        },
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** What both are told, so that neither stops before it has begun. */
function variables(): NodeJS.ProcessEnv {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    PATH: process.env['PATH'],
    APP_ID: '1',
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: 'a secret of the benchmark',
    SQS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/jobs.fifo',
  };
}

async function bundleEmptyApp(outfile: string, options: BuildOptions): Promise<void> {
  await build({
    ...options,
    stdin: { contents: EMPTY_APP, resolveDir: process.cwd() },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  });
}

function importOf(path: string): readonly string[] {
  return ['--input-type=module', '-e', `await import(${JSON.stringify(pathToFileURL(path).href)})`];
}

/** A function that refuses to start would be a fast one. */
async function assertAnswers(path: string, env: NodeJS.ProcessEnv): Promise<void> {
  const call = `const { handler } = await import(${JSON.stringify(pathToFileURL(path).href)});
    console.log((await handler({})).statusCode);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', call], { env });
  if (stdout.trim() !== '404') throw new Error('The webhook function does not start');
}

function measure(
  name: string,
  {
    empty,
    webhook,
    environment,
  }: { readonly empty: string; readonly webhook: string; readonly environment: NodeJS.ProcessEnv },
): Variant {
  const [one, other] = [importOf(empty), importOf(webhook)];
  // The first of each finds nothing in the caches of the disk.
  timeProcess(one, environment);
  timeProcess(other, environment);
  const pairs = Array.from({ length: PAIRS }, () => ({
    empty: timeProcess(one, environment),
    webhook: timeProcess(other, environment),
  }));
  const milliseconds = (times: readonly number[]): string => `${median(times).toFixed(0)} ms`;
  return {
    name,
    measured: median(pairs.map((pair) => pair.webhook / pair.empty)),
    notes: [
      `webhook ${milliseconds(pairs.map((pair) => pair.webhook))}`,
      `empty app ${milliseconds(pairs.map((pair) => pair.empty))}`,
    ],
  };
}
