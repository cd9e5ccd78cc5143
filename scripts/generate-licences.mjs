/*
 * Writes docs/licences.md: the licence of every package that the lockfile names.
 *
 *   node scripts/generate-licences.mjs [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const PAGE = 'docs/licences.md';
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Binaries of other platforms are named without a licence: it is that of the package that they are a part of. */
function licenceOf(path, { license }) {
  if (license !== undefined) return license;
  const name = nameOf(path);
  const whole = Object.values(packages).find((other) => other.optionalDependencies?.[name] !== undefined);
  return whole?.license ?? 'unknown';
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** By licence: the packages' names, each once. */
function groups(isWanted) {
  const found = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || !isWanted(entry)) continue;
    const licence = licenceOf(path, entry);
    found.set(licence, (found.get(licence) ?? new Set()).add(nameOf(path)));
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function list(rows) {
  return rows.map(([licence, names]) => `- **${licence}** (${names.size}): ${[...names].sort().join(', ')}`).join('\n');
}

const isRun = ({ dev, devOptional }) => dev !== true && devOptional !== true;
const text = `# Licences

Written by \`npm run generate\` from package-lock.json. Lockkeeper itself is under the [MIT licence](../LICENSE).

## What runs in production

${list(groups(isRun))}

## What only builds and tests it

${list(groups((entry) => !isRun(entry)))}
`;

const page = await format(text, { ...(await resolveConfig(PAGE)), filepath: PAGE });
if (process.argv.includes('--check')) {
  if (readFileSync(PAGE, 'utf8') !== page) {
    console.error(`${PAGE} is not what package-lock.json says: npm run generate`);
    process.exitCode = 1;
  }
} else {
  writeFileSync(PAGE, page);
  console.log(`Wrote ${PAGE}`);
}
