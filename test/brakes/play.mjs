import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/*
 * Usage: [BRAKES=all] node test/brakes/play.mjs
 *
 * Plays the history of every scenario once more, with the server under one of its brakes (or both) and nothing expected, and
 * prints what went out in spite of them. In a process without jest, so that all of them take a fraction of the time.
 */
const scenarios = (await readdir('test/scenarios')).filter((name) => name.endsWith('.test.ts')).sort();

const plugin = {
  name: 'histories',
  setup({ onResolve }) {
    onResolve({ filter: /^@jest\/globals$/ }, () => ({ path: resolve('test/brakes/globals.ts') }));
    onResolve({ filter: /\/contract\/checks\.ts$/ }, () => ({ path: resolve('test/brakes/no-contract.ts') }));
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path, external: true },
    );
  },
};

const cache = resolve('node_modules/.cache');
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(join(cache, 'histories-'));
try {
  await build({
    stdin: {
      contents: [...scenarios.map((name) => `import '../scenarios/${name}';`), "import './replay.ts';"].join('\n'),
      resolveDir: resolve('test/brakes'),
      loader: 'ts',
    },
    outfile: join(folder, 'histories.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    plugins: [plugin],
    logLevel: 'warning',
  });
  await import(pathToFileURL(join(folder, 'histories.mjs')).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
