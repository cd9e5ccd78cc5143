import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { fileOf, folder, names } from './names.mjs';

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
    entryPoints: names.map((name) => ({ in: `${PREFIX}${name}`, out: basename(fileOf(name), '.js') })),
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
  await writeFile(stamp, '');
}
