import { chmod, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

/*
 * Usage: node scripts/build.mjs [DIRECTORY]
 *
 * cli.js, and beside it the demo and the benchmarks, which bring the simulated GitHub along. Packages stay where
 * npm has put them.
 */
const extras = { demo: 'demo/main.ts', bench: 'bench/main.ts' };
const entryPoints = { cli: 'src/cli.ts' };
for (const [name, path] of Object.entries(extras)) if (existsSync(path)) entryPoints[name] = path;

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
  packages: 'external',
  sourcemap: true,
  banner: { js: '#!/usr/bin/env node' },
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
});
await chmod(`${outdir}/cli.js`, 0o755);
