import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';

test('the lockfile names the binaries of every platform, so that npm ci installs it anywhere', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/complete-lockfile.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
