import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { useCommandLine } from './command-line.ts';

const lockkeeper = useCommandLine('each');

/** Broken policies, beside what people and scripts are told of them. */
const golden = (file: string): Buffer => readFileSync(new URL(`../golden/policy/${file}`, import.meta.url));

describe('a policy file', () => {
  test('that holds is met with silence', async () => {
    await lockkeeper.write('good.yml', 'version: 1\nenvironments:\n  - name: review/*\n');
    expect(await lockkeeper.call(['validate', 'good.yml'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test.each(['many-at-once', 'yaml-latin-1', 'control-characters'])(
    'with errors (%s) is told of line by line on stdout, and ends with 1',
    async (name) => {
      await lockkeeper.write(`${name}.yml`, golden(`${name}.yml`));
      expect(await lockkeeper.call(['validate', `${name}.yml`])).toEqual({
        code: 1,
        stdout: golden(`${name}.txt`).toString(),
        stderr: '',
      });
      const asJson = await lockkeeper.call(['validate', `${name}.yml`, '--json']);
      expect(asJson).toEqual({ code: 1, stdout: golden(`${name}.json`).toString(), stderr: '' });
    },
  );

  test('that is only odd is told of, and ends with 0', async () => {
    await lockkeeper.write('odd.yml', "version: 1\nwindows: [{ name: a, days: [mon], from: '09:00', to: '17:00' }]\n");
    const { code, stdout, stderr } = await lockkeeper.call(['validate', 'odd.yml']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^odd\.yml:2:\d+ warning window-unused .+\n$/);
  });

  test('that is not said is .github/deployments.yml', async () => {
    expect(await lockkeeper.call(['validate'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: .github/deployments.yml cannot be read: there is no such file.\n',
    });
  });

  test('that is a folder is wrong usage', async () => {
    const { code, stderr } = await lockkeeper.call(['validate', '.']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: . cannot be read: it is a directory.\n' });
  });
});
