import { expect, test } from '@jest/globals';
import { createPolicyCache, loadPolicy } from '../../src/policy/load.ts';
import { withReach } from '../../src/policy/load-reach.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { startWorkbench } from '../changes/workbench.ts';

test.each([
  ['no YAML', '{{', 'unknown'],
  ['nothing', '', 'unknown'],
  ['no mapping', '[repositories]', 'unknown'],
  ['an error elsewhere', 'mode: enforced\nrepositories: [a, b-*]', ['a', 'b-*']],
  ['patterns that are none', 'repositories: ["{a"]', 'unknown'],
  ['one that is written otherwise', 'repositoires: [a]', 'unknown'],
])('the repositories that a file speaks of, in one that is %s', (_name, text, expected) => {
  const { policy, reach } = parsePolicy(text);
  expect([policy, reach]).toEqual([null, expected]);
});

test('of a file that does not tell, the newest version that parses is asked once', async () => {
  const { github, client, repository } = await startWorkbench();
  const theirs = github.addRepository({ owner: 'acme', name: '.github' });
  for (const text of ['version: 1\nrepositories: [other]\n', '{{'])
    theirs.push({ files: { '.github/deployments.yml': text } });
  const cache = createPolicyCache();
  const kinds: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    const loaded = await loadPolicy(client, repository, cache);
    if (loaded === null) throw new Error('The repository is there');
    const { governing } = await withReach(client, loaded, { repository, cache });
    kinds.push(governing.kind);
  }
  expect(kinds).toEqual(['none', 'none', 'none']);
  expect(github.requests.count({ operation: 'PolicyHistory' })).toBe(1);
});

test('what one owner’s file speaks of says nothing of another owner’s of the same text, nor of its own earlier one', async () => {
  const { github, client, repository } = await startWorkbench();
  const theirs = github.addRepository({ owner: 'acme', name: '.github' });
  const push = (...texts: readonly string[]): void => {
    for (const text of texts) theirs.push({ files: { '.github/deployments.yml': text } });
  };
  const cache = createPolicyCache();
  const kind = async (): Promise<string> => {
    const loaded = await loadPolicy(client, repository, cache);
    if (loaded === null) throw new Error('The repository is there');
    return (await withReach(client, loaded, { repository, cache })).governing.kind;
  };
  push('version: 1\nrepositories: [other]\n', '{{');
  expect(await kind()).toBe('none');
  const [key = ''] = cache.reaches.keys();
  expect(key).toMatch(/^acme /);
  push('version: 1\n');
  expect(await kind()).toBe('valid');
  push('{{');
  expect(await kind()).toBe('broken');
});
