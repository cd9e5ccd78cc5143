import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/*
 * Usage: node scripts/lambda-bundles.mjs [DIRECTORY]
 *
 * A folder for each function, with all it needs: one file, and beside it what is only imported when it is needed. ESM,
 * because Lambda's Node can be told not to require() ESM packages, which Probot is; the banner gives CommonJS packages
 * inside of it the require that they expect.
 */
const directory = process.argv[2] ?? 'dist/lambda';

/** What is imported by whom and never called here: half of what would have to be read before a function can start. */
const UNUSED = [
  // The adapter hands all of Probot on to whoever imports it from there.
  { path: /^probot$/, importer: /[/\\]adapter-aws-lambda-serverless[/\\]/, contents: 'module.exports = {};' },
  // Probot is given a log.
  {
    path: /^@probot\/pino$/,
    importer: /[/\\]probot[/\\]lib[/\\]/,
    contents: 'export const getTransformStream = null;',
  },
  // Policies have a loader of their own.
  {
    path: /^yaml$/,
    importer: /[/\\]octokit-plugin-config[/\\]/,
    contents: 'export const parse = null; export default null;',
  },
];

const lessProbot = {
  name: 'less-probot',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^(?:probot$|@probot\/pino$|yaml$|\.)/ }, async ({ path, pluginData, ...asked }) => {
      if (pluginData === 'seen') return undefined;
      const { importer, kind, resolveDir } = asked;
      const unused = UNUSED.findIndex((one) => one.path.test(path) && one.importer.test(importer));
      if (unused >= 0) return { path: String(unused), namespace: 'unused' };
      // Probot's own files do nothing when they are loaded, and do not say so.
      if (path !== 'probot' && !/[/\\]node_modules[/\\]probot[/\\]/.test(importer)) return undefined;
      return { ...(await resolve(path, { importer, kind, resolveDir, pluginData: 'seen' })), sideEffects: false };
    });
    onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({ contents: UNUSED[Number(path)].contents }));
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

await rm(directory, { recursive: true, force: true });
for (const name of ['webhook', 'worker', 'sweep']) {
  await build({
    entryPoints: { index: `src/lambda/${name}.ts` },
    outdir: join(directory, name),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Packages that come as both: only of ESM can what is not used be left out.
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    plugins: [lessProbot, lessZod],
    logLevel: 'warning',
  });
}
