import { join } from 'node:path';

/** The built `lockkeeper`, which prepare.mjs makes once for a whole run of tests. */
export function builtCommand(): string {
  const folder = process.env['LOCKKEEPER_TEST_BUILT'];
  if (folder === undefined) throw new Error('LOCKKEEPER_TEST_BUILT is not set: test/run/prepare.mjs has not run');
  return join(folder, 'cli.js');
}
