import { createHash } from 'node:crypto';

/** The SHA256 fingerprint of a public key, `SHA256:…` without padding, as `ssh-keygen -lf` prints it. */
export function fingerprintOf(key: string): string {
  const [, body = ''] = key.trim().split(/[ \t]+/);
  const digest = createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}
