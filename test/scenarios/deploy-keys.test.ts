import { describe, expect, test } from '@jest/globals';
import { DAY, startScenario, type Scenario } from './harness.ts';
import { allowed, fingerprint, keysPolicy, publicKey, report, titles } from './keys.ts';

const ALLOW_MIRROR = keysPolicy(allowed([['mirror']]));
const DELETE_UNKNOWN = keysPolicy(['on_unknown: delete']);

function keyWrites({ github }: Scenario): readonly string[] {
  return github.requests
    .writes()
    .flatMap(({ route, status }) =>
      route?.includes('/keys') === true ? [`${route.split(' ')[0] ?? ''} ${status}`] : [],
    );
}

describe('an allowed key', () => {
  test('is made where it is missing, and the report says so', async () => {
    const scenario = await startScenario();
    scenario.policy(ALLOW_MIRROR);
    await scenario.settle();
    expect(scenario.shop.deployKeys()).toMatchObject([{ title: 'mirror', key: publicKey('mirror'), readOnly: true }]);
    expect(report(scenario).summary).toContain(fingerprint('mirror'));
  });

  test('that was made is still told of after a restart and a push, for a week', async () => {
    const scenario = await startScenario({ policy: ALLOW_MIRROR });
    const told = () => report(scenario).summary.split('### Changed')[1] ?? '';
    expect(told()).toContain(fingerprint('mirror'));
    scenario.hold();
    scenario.shop.push({ files: { 'readme.md': 'more' } });
    await scenario.restart();
    expect(told()).toContain(fingerprint('mirror'));
    scenario.github.clock.advance(8 * DAY);
    await scenario.sweep();
    expect(told()).toBe('');
  });

  test('is made again when somebody deletes it', async () => {
    const scenario = await startScenario({ policy: ALLOW_MIRROR });
    const [key] = scenario.shop.deployKeys();
    scenario.shop.removeDeployKey(key?.id ?? 0);
    await scenario.settle();
    expect(titles(scenario)).toEqual(['mirror']);
  });

  test('that differs is recreated at once, without an announcement', async () => {
    const scenario = await startScenario();
    scenario.shop.addDeployKey({ title: 'old name', key: `${publicKey('mirror')} comment`, readOnly: false });
    scenario.policy(ALLOW_MIRROR);
    await scenario.settle();
    expect(titles(scenario)).toEqual(['mirror']);
  });

  test('that may write is made so', async () => {
    const scenario = await startScenario({ policy: keysPolicy(allowed([['mirror', ', read_only: false']])) });
    expect(titles(scenario)).toEqual(['mirror*']);
  });

  test('is the old one again where the new one cannot be had, and is not tried over and over', async () => {
    const scenario = await startScenario();
    scenario.shop.addDeployKey({ title: 'mirror', key: publicKey('mirror'), readOnly: false });
    let deleted = false;
    scenario.github.faults.add({
      match: ({ route }) => {
        deleted ||= route === 'DELETE /repos/{owner}/{repo}/keys/{key_id}';
        return deleted && route === 'POST /repos/{owner}/{repo}/keys';
      },
      action: '404',
    });
    scenario.policy(ALLOW_MIRROR);
    await scenario.settle();
    expect(titles(scenario)).toEqual(['mirror*']);
    expect(report(scenario)).toMatchObject({ conclusion: 'neutral' });
    expect(report(scenario).summary).toContain('The old one was put back');
    const before = keyWrites(scenario).length;
    await scenario.sweep();
    expect(keyWrites(scenario)).toHaveLength(before);
  });

  test('is the old one again while GitHub fails, and the new one by the first sweep after that', async () => {
    const scenario = await startScenario();
    scenario.shop.addDeployKey({ title: 'mirror', key: publicKey('mirror'), readOnly: false });
    let deleted = false;
    const clear = scenario.github.faults.add({
      match: ({ route, body }) => {
        deleted ||= route === 'DELETE /repos/{owner}/{repo}/keys/{key_id}';
        const { read_only: isNew } = (body ?? {}) as { readonly read_only?: boolean };
        return deleted && route === 'POST /repos/{owner}/{repo}/keys' && isNew === true;
      },
      action: '502',
      times: 1000,
    });
    scenario.policy(ALLOW_MIRROR);
    await scenario.settle();
    expect(titles(scenario)).toEqual(['mirror*']);
    expect(report(scenario).summary).toContain('The old one was put back');
    // Its own deliveries do not make it go in circles.
    expect(keyWrites(scenario).filter((write) => write === 'DELETE 204')).toHaveLength(1);
    clear();
    await scenario.sweep();
    expect(titles(scenario)).toEqual(['mirror']);
    expect(report(scenario)).toMatchObject({ conclusion: 'success' });
  });

  test('that is gone because GitHub failed all the while is made as soon as it answers, and told of until then', async () => {
    const scenario = await startScenario();
    scenario.shop.addDeployKey({ title: 'mirror', key: publicKey('mirror'), readOnly: false });
    let deleted = false;
    const clear = scenario.github.faults.add({
      match: ({ route }) => {
        deleted ||= route === 'DELETE /repos/{owner}/{repo}/keys/{key_id}';
        return deleted && route === 'POST /repos/{owner}/{repo}/keys';
      },
      action: '502',
      times: 1000,
    });
    scenario.policy(ALLOW_MIRROR);
    await scenario.settle();
    expect(titles(scenario)).toEqual([]);
    expect(report(scenario)).toMatchObject({ conclusion: 'neutral' });
    clear();
    await scenario.sweep();
    expect(titles(scenario)).toEqual(['mirror']);
    expect(report(scenario)).toMatchObject({ conclusion: 'success' });
  });

  test('is there in the end where the answer to a write is lost', async () => {
    for (const action of ['drop-before', 'drop-after-apply', '502'] as const) {
      const scenario = await startScenario({ unchecked: true });
      scenario.shop.addDeployKey({ title: 'mirror', key: publicKey('mirror'), readOnly: false });
      scenario.github.faults.add({ match: 'DELETE /repos/{owner}/{repo}/keys/{key_id}', action });
      scenario.github.faults.add({ match: 'POST /repos/{owner}/{repo}/keys', action, times: 2 });
      scenario.policy(ALLOW_MIRROR);
      await scenario.settle();
      expect(titles(scenario)).toEqual(['mirror']);
    }
  });

  test('that is in use elsewhere is reported, and made by a sweep once it is free', async () => {
    const scenario = await startScenario();
    const other = scenario.github.addRepository({ owner: 'globex', name: 'other' });
    const { id } = other.addDeployKey({ title: 'theirs', key: publicKey('mirror') });
    scenario.policy(ALLOW_MIRROR);
    await scenario.settle();
    expect(titles(scenario)).toEqual([]);
    expect(report(scenario)).toMatchObject({ conclusion: 'neutral' });
    expect(report(scenario).summary).toContain('deploy_key_in_use');
    other.removeDeployKey(id);
    await scenario.sweep();
    expect(titles(scenario)).toEqual(['mirror']);
    expect(report(scenario)).toMatchObject({ conclusion: 'success' });
  });

  test('that expired is only reported, whatever the policy says', async () => {
    const scenario = await startScenario({
      policy: keysPolicy([...allowed([['mirror']]), 'max_age: 30d', 'on_expired: delete', 'on_unknown: delete']),
    });
    scenario.github.clock.advance(31 * DAY);
    await scenario.sweep();
    await scenario.sweep();
    expect(titles(scenario)).toEqual(['mirror']);
    expect(report(scenario).summary).toContain('expired_deploy_key');
  });

  test('costs nothing while everything is as it should be', async () => {
    const scenario = await startScenario({ policy: ALLOW_MIRROR });
    await scenario.sweep();
    scenario.github.requests.reset();
    await scenario.sweep();
    expect(scenario.github.requests.writes()).toEqual([]);
    const listed = scenario.github.requests.list({ route: 'GET /repos/{owner}/{repo}/keys' });
    expect(listed.map(({ status }) => status)).toEqual([304]);
  });
});

describe('a key that the policy deletes', () => {
  test('is announced first, and deleted by the next sweep', async () => {
    const scenario = await startScenario({ policy: DELETE_UNKNOWN });
    scenario.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger'), addedBy: 'mallory', readOnly: false });
    await scenario.settle();
    expect(titles(scenario)).toEqual(['stranger*']);
    const { summary, conclusion } = report(scenario);
    expect(conclusion).toBe('neutral');
    for (const told of ['stranger', publicKey('stranger'), fingerprint('stranger'), '`mallory`', 'never used']) {
      expect(summary).toContain(told);
    }
    await scenario.sweep();
    expect(titles(scenario)).toEqual([]);
    expect(report(scenario)).toMatchObject({ conclusion: 'success' });
    expect(report(scenario).summary).toMatch(/### Changed\n\n- `-` deploy key `stranger \(SHA256:/);
  });

  test('that nobody told us of is announced by one sweep and deleted by the next', async () => {
    const scenario = await startScenario({ policy: keysPolicy(['unused_for: 90d', 'on_expired: delete']) });
    scenario.shop.addDeployKey({ title: 'idle', key: publicKey('idle') });
    await scenario.settle();
    scenario.github.clock.advance(91 * DAY);
    await scenario.sweep();
    expect(titles(scenario)).toEqual(['idle']);
    expect(report(scenario).summary).toContain(publicKey('idle'));
    await scenario.sweep();
    expect(titles(scenario)).toEqual([]);
  });

  test('stays announced when the process ends', async () => {
    const scenario = await startScenario({ policy: DELETE_UNKNOWN });
    scenario.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger') });
    await scenario.settle();
    await scenario.restart();
    expect(titles(scenario)).toEqual([]);
  });

  test('stays announced when the head moves', async () => {
    const scenario = await startScenario({ policy: DELETE_UNKNOWN });
    scenario.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger') });
    await scenario.settle();
    scenario.shop.push({ files: { 'readme.md': 'more' } });
    scenario.shop.push({ files: { 'readme.md': 'and more' } });
    await scenario.restart();
    expect(titles(scenario)).toEqual([]);
  });

  test('is announced anew when it was added again meanwhile', async () => {
    const scenario = await startScenario({ policy: DELETE_UNKNOWN });
    const { id } = scenario.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger') });
    await scenario.settle();
    scenario.github.deliverTo(null);
    scenario.shop.removeDeployKey(id);
    scenario.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger') });
    await scenario.sweep();
    expect(titles(scenario)).toEqual(['stranger']);
    await scenario.sweep();
    expect(titles(scenario)).toEqual([]);
  });

  test('stays when the policy allows it before the sweep', async () => {
    const scenario = await startScenario({ policy: DELETE_UNKNOWN });
    scenario.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger') });
    await scenario.settle();
    scenario.policy(keysPolicy(['on_unknown: delete', 'allow: [{ title: stranger }]']));
    await scenario.sweep();
    expect(titles(scenario)).toEqual(['stranger']);
    expect(report(scenario)).toMatchObject({ conclusion: 'success' });
  });

  test('is not taken for announced because of another key’s title', async () => {
    const scenario = await startScenario({ policy: DELETE_UNKNOWN });
    const { id } = scenario.shop.addDeployKey({ title: 'victim', key: publicKey('victim') });
    scenario.shop.removeDeployKey(id);
    await scenario.settle();
    const mark = `<!-- lockkeeper announces ${id + 2} ${fingerprint('victim')} -->`;
    scenario.shop.addDeployKey({ title: `x\n${mark}\n@acme/all`, key: publicKey('liar') });
    await scenario.settle();
    scenario.github.deliverTo(null);
    expect(scenario.shop.addDeployKey({ title: 'victim', key: publicKey('victim') }).id).toBe(id + 2);
    await scenario.sweep();
    expect(titles(scenario)).toEqual(['victim']);
  });

  test('waits where the limit is reached, and the report says so', async () => {
    const scenario = await startScenario({ policy: keysPolicy(['on_unknown: delete'], ['limits: { keys: 2 }']) });
    for (const name of ['a', 'b', 'c']) scenario.shop.addDeployKey({ title: name, key: publicKey(name) });
    await scenario.settle();
    await scenario.sweep();
    expect(titles(scenario)).toHaveLength(1);
    expect(report(scenario).summary).toContain('limit_reached');
    await scenario.sweep();
    expect(titles(scenario)).toEqual([]);
  });
});

describe('what is not changed', () => {
  test('is told with mode: report, and with OBSERVE_ONLY not even that', async () => {
    const policy = (mode: string) => keysPolicy([...allowed([['mirror']]), 'on_unknown: delete'], [`mode: ${mode}`]);
    const told = await startScenario({ policy: policy('report') });
    told.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger') });
    await told.settle();
    await told.sweep();
    expect(titles(told)).toEqual(['stranger']);
    expect(report(told).summary).toMatch(
      /Would be changed:\n+- `\+` deploy key `mirror .*\n- `-` deploy key `stranger /,
    );
    const silent = await startScenario({ policy: policy('enforce'), environment: { OBSERVE_ONLY: 'true' } });
    silent.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger') });
    await silent.settle();
    await silent.sweep();
    await silent.sweep();
    expect(silent.github.requests.writes()).toEqual([]);
  });

  test('is reported by default: what is unknown, what can write, what is old', async () => {
    const scenario = await startScenario();
    scenario.shop.addDeployKey({ title: 'stranger', key: publicKey('stranger'), readOnly: false });
    scenario.github.clock.advance(2 * DAY);
    scenario.policy(keysPolicy(['max_age: 1d']));
    await scenario.settle();
    await scenario.sweep();
    await scenario.sweep();
    expect(titles(scenario)).toEqual(['stranger*']);
    const { summary, conclusion } = report(scenario);
    expect(conclusion).toBe('neutral');
    for (const code of ['unknown_deploy_key', 'writable_deploy_key', 'expired_deploy_key'])
      expect(summary).toContain(code);
  });

  test('is everything where the organisation forbids deploy keys', async () => {
    for (const existing of ['disabled', 'enabled'] as const) {
      const scenario = await startScenario();
      scenario.shop.addDeployKey({ title: 'mirror', key: publicKey('mirror'), readOnly: false });
      scenario.shop.forbidDeployKeys(existing);
      scenario.policy(keysPolicy(allowed([['mirror'], ['second']])));
      await scenario.settle();
      expect(titles(scenario)).toEqual(['mirror*']);
      expect(report(scenario)).toMatchObject({ conclusion: 'neutral' });
      expect(report(scenario).summary).toContain('deploy_keys_forbidden');
      const before = keyWrites(scenario).length;
      await scenario.sweep();
      expect(keyWrites(scenario)).toHaveLength(before);
      expect(titles(scenario)).toEqual(['mirror*']);
    }
  });

  test('is everything where the permission is missing, asked for once a policy, until it is granted', async () => {
    const scenario = await startScenario();
    const { administration, ...rest } = scenario.installation.permissions;
    scenario.installation.grant(rest);
    scenario.policy(ALLOW_MIRROR);
    await scenario.settle();
    expect(report(scenario).summary).toContain('deploy_keys_denied');
    const asked = () => scenario.github.requests.count({ route: 'GET /repos/{owner}/{repo}/keys' });
    const before = asked();
    for (const name of ['a', 'b']) scenario.shop.addDeployKey({ title: name, key: publicKey(name) });
    await scenario.settle();
    expect(asked()).toBe(before);
    expect(scenario.findings().filter((code) => code === 'deploy_keys_denied')).toHaveLength(1);
    scenario.installation.grant({ ...rest, ...(administration === undefined ? {} : { administration }) });
    await scenario.settle();
    expect(titles(scenario)).toEqual(['a', 'b', 'mirror']);
  });
});

test('logs name fingerprints and never a key', async () => {
  const scenario = await startScenario({
    policy: keysPolicy([...allowed([['mirror'], ['second']]), 'on_unknown: delete']),
  });
  const other = scenario.github.addRepository({ owner: 'globex', name: 'other' });
  other.addDeployKey({ title: 'theirs', key: publicKey('third') });
  scenario.policy(keysPolicy([...allowed([['mirror'], ['third']]), 'on_unknown: delete']));
  await scenario.settle();
  await scenario.sweep();
  const logged = JSON.stringify(scenario.lines);
  for (const name of ['mirror', 'second', 'third']) {
    expect(logged).toContain(fingerprint(name));
    expect(logged).not.toContain(publicKey(name).split(' ')[1]);
  }
});
