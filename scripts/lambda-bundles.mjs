import { build } from 'esbuild';

/*
 * Usage: node scripts/lambda-bundles.mjs [DIRECTORY]
 *
 * One file a function, with all it needs. ESM, because Lambda's Node can be told not to require() ESM packages, which
 * Probot is; the banner gives CommonJS packages inside of it the require that they expect.
 */
await build({
  entryPoints: { webhook: 'src/lambda/webhook.ts', sweep: 'src/lambda/sweep.ts' },
  outdir: process.argv[2] ?? 'dist/lambda',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  keepNames: true,
  minifySyntax: true,
  legalComments: 'none',
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  logLevel: 'warning',
});
