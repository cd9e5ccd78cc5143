import { chmod, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

/*
 * Usage: node scripts/build.mjs [DIRECTORY]
 *
 * cli.js, and beside it the demo and the benchmarks, which bring the simulated GitHub along. Packages stay where npm has
 * put them, but for the few that `lockkeeper validate` needs: looking for hundreds of files takes longer than the rest
 * of it.
 */
const BUNDLED = new Set(['commander', 'js-yaml', 'leven', 'temporal-polyfill', 'zod']);

const extras = {
  demo: 'demo/main.ts',
  bench: 'bench/main.ts',
  'bench-server': 'bench/programs/server.ts',
  'bench-probot': 'bench/programs/probot.ts',
};
const entryPoints = { cli: 'src/cli.ts' };
for (const [name, path] of Object.entries(extras)) if (existsSync(path)) entryPoints[name] = path;

const packages = {
  name: 'packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point' || path.startsWith('node:') || importer.includes('node_modules')) return undefined;
      const [scope = '', name = ''] = path.split('/');
      return BUNDLED.has(scope.startsWith('@') ? `${scope}/${name}` : scope) ? undefined : { path, external: true };
    });
  },
};

/** Zod's `z` holds every language that it has messages in; of the namespace itself, what nobody uses is left out. */
const lessZod = {
  name: 'less-zod',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, async ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const text = await readFile(path, 'utf8');
      return { contents: text.replace("import { z } from 'zod';", "import * as z from 'zod';"), loader: 'ts' };
    });
  },
};

const outdir = process.argv[2] ?? 'dist';
await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints,
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  plugins: [packages, lessZod],
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  // Packages that are CommonJS ask Node's own modules by `require`.
  banner: {
    js: '#!/usr/bin/env node\nimport { createRequire as createRequire_ } from "node:module"; const require = createRequire_(import.meta.url);',
  },
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
});
await chmod(`${outdir}/cli.js`, 0o755);
