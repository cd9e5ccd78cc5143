import { generateKeyPairSync } from 'node:crypto';
import { bundlePackages } from './bundle.mjs';

/** What is made once for a whole run of tests, because it takes longer than most tests. */
export default async function prepare() {
  await bundlePackages();
  process.env.SIMULATOR_PRIVATE_KEY ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
}
