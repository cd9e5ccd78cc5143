// Writes what is made from the policy's schema: the JSON Schema for editors and the reference for people.
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';

/** Bundled rather than imported, because not every Node that this project runs on reads TypeScript. */
async function importBundled(entryPoint) {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

async function write(path, text) {
  await writeFile(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
  console.log(`Wrote ${path}`);
}

const { buildJsonSchema, renderReference } = await importBundled('src/policy/docs/reference.ts');
await write('schema/deployments.schema.json', JSON.stringify(buildJsonSchema()));
await write('docs/policy-reference.md', renderReference());
