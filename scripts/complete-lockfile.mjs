/*
 * Names in package-lock.json the optional packages of other platforms that the registry at hand does not carry.
 *
 *   node scripts/complete-lockfile.mjs [--check]
 *
 * A registry that mirrors some platforms only makes `npm install` leave the others out of the lockfile, and `npm ci`
 * then refuses to install at all. An entry with its platform is enough for npm to pass it over elsewhere. It has no
 * integrity, because nothing was downloaded; the next `npm install` on that platform adds it.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const LOCKFILE = new URL('../package-lock.json', import.meta.url);
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** The optional packages that the lockfile promises and does not describe. */
function findMissing(packages) {
  return Object.entries(packages).flatMap(([path, parent]) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name]) => packages[`${path}/node_modules/${name}`] === undefined)
      .filter(([name]) => packages[`node_modules/${name}`] === undefined)
      .map(([name, version]) => ({ name, version, parent })),
  );
}

function describe({ name, version, parent }) {
  const os = SYSTEMS.find((system) => name.includes(`-${system}`));
  const cpu = PROCESSORS.find((processor) => name.includes(`-${processor}`));
  if (os === undefined || cpu === undefined) throw new Error(`${name} is missing and its name says no platform`);
  return { version, cpu: [cpu], ...(parent.dev === true ? { dev: true } : {}), optional: true, os: [os] };
}

const lockfile = JSON.parse(readFileSync(LOCKFILE, 'utf8'));
const missing = findMissing(lockfile.packages);

if (process.argv.includes('--check')) {
  for (const { name } of missing) console.error(`package-lock.json lacks ${name}: npm run lockfile:complete`);
  process.exitCode = missing.length === 0 ? 0 : 1;
} else if (missing.length > 0) {
  for (const entry of missing) lockfile.packages[`node_modules/${entry.name}`] = describe(entry);
  const packages = Object.entries(lockfile.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(LOCKFILE, `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(packages) }, null, 2)}\n`);
}
