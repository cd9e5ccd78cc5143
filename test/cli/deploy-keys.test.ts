import { expect, test } from '@jest/globals';
import { allowed, fingerprint, keysPolicy, publicKey } from '../scenarios/keys.ts';
import { useCommandLine } from './command-line.ts';
import { startPlace } from './github.ts';

const lockkeeper = useCommandLine();
const REPO = ['--repo', 'acme/shop'];

test('plan shows deploy keys by their fingerprints, and apply deletes at once, without an announcement', async () => {
  const place = await startPlace({ policy: keysPolicy([...allowed([['mirror']]), 'on_unknown: delete']) });
  place.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger') });
  const planned = await lockkeeper.call(['plan', ...REPO, '--exit-code'], place.environment);
  expect(planned).toMatchObject({ code: 3, stderr: '' });
  expect(planned.stdout).toContain(`+ deploy key mirror (${fingerprint('mirror')})`);
  expect(planned.stdout).toContain(`- deploy key stranger (${fingerprint('stranger')})`);
  expect(planned.stdout).not.toContain('ssh-ed25519');
  expect(await lockkeeper.call(['apply', ...REPO], place.environment)).toMatchObject({ code: 0, stderr: '' });
  expect(place.shop.deployKeys().map(({ title }) => title)).toEqual(['mirror']);
});
