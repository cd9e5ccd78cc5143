import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundleContract, bundlePackages } from './bundle.mjs';

/** What is made once for a whole run of tests, because it takes longer than most tests. */
export default async function prepare() {
  await bundlePackages();
  await Promise.all([bundleContract(), build()]);
  process.env.SIMULATOR_PRIVATE_KEY ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
}

/** The command as `npm run build` makes it, for all tests that start it, and away from what others may be building. */
async function build() {
  // Inside node_modules, so that the packages are found.
  const cache = resolve('node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const built = await mkdtemp(`${cache}/lockkeeper-`);
  await promisify(execFile)(process.execPath, ['scripts/build.mjs', built]);
  process.env.LOCKKEEPER_TEST_BUILT = built;
}
