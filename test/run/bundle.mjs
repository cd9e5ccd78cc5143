import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { pathToFileURL } from 'node:url';
import { bundleOf, fileOf, folder, keptNames, names } from './names.mjs';

const PREFIX = 'package:';

/** A CommonJS package has the names that Node finds in it. */
const reExported = {
  name: 're-exported',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${PREFIX}`) }, ({ path }) => ({
      path: path.slice(PREFIX.length),
      namespace: 're-exported',
    }));
    onLoad({ filter: /.*/, namespace: 're-exported' }, async ({ path }) => {
      const exported = Object.keys(await import(path)).filter((name) => name !== 'module.exports');
      const lines = exported.map(
        (name, i) => `const e${i} = all[${JSON.stringify(name)}]; export { e${i} as ${name} };`,
      );
      return { contents: [`import * as all from '${path}';`, ...lines].join('\n'), resolveDir: '.' };
    });
  },
};

/** Bundles the packages once for each state of the lockfile. What they share stays shared. */
export async function bundlePackages() {
  const state = createHash('sha256');
  for (const path of ['package-lock.json', 'test/run/names.mjs', 'test/run/bundle.mjs']) {
    state.update(await readFile(path));
  }
  const stamp = `${folder}/${state.digest('hex')}`;
  const known = await readFile(stamp).catch(() => null);
  if (known !== null) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: names.map((name) => ({ in: `${PREFIX}${name}`, out: basename(bundleOf(name), '.js') })),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    banner: {
      js: 'import { createRequire as createRequire_ } from "node:module"; const require = createRequire_(import.meta.url);',
    },
    plugins: [reExported],
    logLevel: 'error',
  });
  for (const name of keptNames) await writeFile(fileOf(name), await keptModule(name));
  await writeFile(stamp, '');
}

/** A package that the test environment has loaded. */
async function keptModule(name) {
  const exported = Object.keys(await import(name)).filter((one) => one !== 'default');
  const lines = exported.map((one) => `export const ${one} = all[${JSON.stringify(one)}];`);
  return [`const all = globalThis[Symbol.for('lockkeeper.keep')]('${name}');`, ...lines].join('\n');
}

/** GitHub's description of REST as validators, for the test environment, which is no TypeScript. */
export async function bundleContract() {
  const path = 'test/contract/rest.ts';
  await build({
    entryPoints: [path],
    outfile: `${folder}/contract.js`,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(path).href) },
    logLevel: 'error',
  });
}
