import { expect, test } from '@jest/globals';
import { landPolicy, startScenario, type Scenario } from './harness.ts';
import { allowed, keysPolicy, publicKey, report, titles } from './keys.ts';

/** @param given.title of a key of `shop` that the organisation allows; it would be one of its own repository's else. */
async function governed(organisation: string, given: { own?: string; title?: string } = {}): Promise<Scenario> {
  const scenario = await startScenario(given.own === undefined ? {} : { policy: given.own });
  if (given.title !== undefined) scenario.shop.addDeployKey({ title: given.title, key: publicKey('theirs') });
  landPolicy(scenario.github.addRepository({ owner: 'acme', name: '.github' }), organisation);
  await scenario.settle();
  await scenario.sweep();
  return scenario;
}

test('what an organisation allows is kept and never made', async () => {
  const organisation = keysPolicy([...allowed([['theirs'], ['missing']]), 'on_unknown: delete']);
  const scenario = await governed(organisation, { title: 'named otherwise' });
  await scenario.sweep();
  await scenario.sweep();
  expect(titles(scenario)).toEqual(['named otherwise']);
});

test('allowed keys of both files add up, and the stricter reaction counts', async () => {
  const scenario = await governed(keysPolicy([...allowed([['theirs']]), 'on_unknown: delete']), {
    own: keysPolicy([...allowed([['ours']]), 'on_unknown: report']),
    title: 'theirs',
  });
  scenario.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger') });
  await scenario.sweep();
  await scenario.sweep();
  expect(titles(scenario)).toEqual(['ours', 'theirs']);
});

test('a repository cannot allow a key that can write where the organisation deletes those', async () => {
  const scenario = await governed(keysPolicy(['on_write_access: delete']), {
    own: keysPolicy(allowed([['writer', ', read_only: false'], ['reader']])),
  });
  expect(titles(scenario)).toEqual(['reader']);
  scenario.shop.addDeployKey({ title: 'writer', key: publicKey('writer'), readOnly: false });
  await scenario.settle();
  expect(report(scenario).summary).toContain('The allowed key "writer" does not count');
  await scenario.sweep();
  expect(titles(scenario)).toEqual(['reader']);
});

test('a pull request’s plan shows keys by title and fingerprint, and changes none', async () => {
  const scenario = await startScenario();
  scenario.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger') });
  scenario.shop.branch('policy', scenario.shop.head('main').sha);
  const text = keysPolicy([...allowed([['mirror']]), 'on_unknown: delete']);
  scenario.shop.push({ branch: 'policy', files: { '.github/deployments.yml': text } });
  scenario.shop.openPullRequest({ head: 'policy' });
  await scenario.settle();
  const run = scenario.shop.checkRuns().find(({ name }) => name === 'Lockkeeper / policy');
  const summary = run?.raw.output.summary ?? '';
  expect(summary).toMatch(/- `\+` deploy key `mirror \(SHA256:[^)]+\)`: `?read-only`?\./);
  expect(summary).toMatch(/- `-` deploy key `stranger \(SHA256:[^)]+\)`/);
  expect(summary).not.toContain('ssh-ed25519');
  expect(titles(scenario)).toEqual(['stranger']);
});
