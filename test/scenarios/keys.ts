import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Scenario } from './harness.ts';

/** A public key of the type ed25519: always the same for one name. */
export function publicKey(name: string): string {
  const type = Buffer.from('ssh-ed25519');
  const length = (bytes: Buffer): Buffer => {
    const four = Buffer.alloc(4);
    four.writeUInt32BE(bytes.length);
    return four;
  };
  const body = createHash('sha256').update(name).digest();
  return `ssh-ed25519 ${Buffer.concat([length(type), type, length(body), body]).toString('base64')}`;
}

/** As `ssh-keygen -lf` prints it. */
export function fingerprint(name: string): string {
  const [, body = ''] = publicKey(name).split(' ');
  const digest = createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** A policy that speaks of deploy keys alone. */
export function keysPolicy(lines: readonly string[], more: readonly string[] = []): string {
  return ['version: 1', ...more, 'deploy_keys:', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

export function allowed(entries: readonly (readonly [title: string, fields?: string])[]): readonly string[] {
  return [
    'allow:',
    ...entries.map(
      ([title, fields]) => `  - { title: ${title}, key: ${publicKey(title)} ${title}@host${fields ?? ''} }`,
    ),
  ];
}

/** The newest report on the default branch. */
export function report({ shop }: Scenario): { readonly summary: string; readonly conclusion: string | null } {
  const run = shop
    .checkRuns()
    .filter((one) => one.app === 'lockkeeper' && one.name === 'Lockkeeper')
    .at(-1);
  return { summary: run?.raw.output.summary ?? '', conclusion: run?.conclusion ?? null };
}

/** Titles, sorted, with a star for a key that can write. */
export function titles({ shop }: Scenario): readonly string[] {
  return shop
    .deployKeys()
    .map(({ title, readOnly }) => (readOnly ? title : `${title}*`))
    .sort();
}
