import { describe, expect, test } from '@jest/globals';
import { applyChanges } from '../../src/changes/apply.ts';
import type { DeployKeyReplacement } from '../../src/changes/deploy-key-change.ts';
import { publicKey } from '../scenarios/keys.ts';
import type { FaultAction } from '../simulator/faults.ts';
import { listen, startWorkbench, type Workbench } from './workbench.ts';

const KEY = publicKey('mirror');
const KEYS = '/repos/{owner}/{repo}/keys';

/** What happens to requests once the old key is deleted, or to its deletion. */
interface Fault {
  readonly to: 'deletion' | 'new key' | 'old key';
  readonly action: FaultAction;
  /** Default: always. */
  readonly times?: number;
}

/** Replaces a key that can write by one that only reads, under faults. */
async function replaced(faults: readonly Fault[], meanwhile: (bench: Workbench) => void = () => undefined) {
  const bench = await startWorkbench();
  const { github, shop, client, repository } = bench;
  const { id } = shop.addDeployKey({ title: 'mirror', key: KEY, readOnly: false });
  const common = { title: 'mirror', key: KEY, fingerprint: 'SHA256:mirror' };
  let isDeleted = false;
  github.faults.add({
    match: ({ route }) => {
      if (route === `DELETE ${KEYS}/{key_id}`) {
        if (!isDeleted) meanwhile(bench);
        isDeleted = true;
      }
      return false;
    },
    action: 'delay',
  });
  for (const { to, action, times = 1000 } of faults) {
    github.faults.add({
      match: ({ route, body }) => {
        if (to === 'deletion') return route === `DELETE ${KEYS}/{key_id}`;
        const isNew = (body as { readonly read_only?: boolean } | null)?.read_only === true;
        return isDeleted && route === `POST ${KEYS}` && isNew === (to === 'new key');
      },
      action,
      times,
    });
  }
  const change: DeployKeyReplacement = {
    kind: 'recreate_deploy_key',
    rule: 'allowed_key_differs',
    reason: 'The policy wants it to read only.',
    wanted: { ...common, readOnly: true },
    old: { ...common, id, readOnly: false, createdAt: 0, lastUsed: null, addedBy: null },
  };
  const told = listen();
  const thrown = await applyChanges(client, repository, { changes: [change], listener: told }).then(
    () => null,
    (error: unknown) => error,
  );
  return {
    keys: shop.deployKeys().map(({ title, readOnly }) => `${title} ${readOnly ? 'reads' : 'writes'}`),
    outcomes: told.outcomes,
    isThrown: thrown !== null,
  };
}

describe('a key that is replaced', () => {
  test.each<[string, readonly Fault[]]>([
    ['and nothing goes wrong', []],
    ['and GitHub fails once', [{ to: 'new key', action: '502', times: 1 }]],
    ['and one request is lost', [{ to: 'new key', action: 'drop-before', times: 1 }]],
    ['and the answer is lost', [{ to: 'new key', action: 'drop-after-apply' }]],
    ['and the answer is cut', [{ to: 'new key', action: 'cut-body' }]],
    ['and the answer to its deletion is lost', [{ to: 'deletion', action: 'drop-after-apply' }]],
  ])('%s, is the new one in the end', async (_, faults) => {
    const { keys, outcomes, isThrown } = await replaced(faults);
    expect(keys).toEqual(['mirror reads']);
    expect(outcomes.map(({ result }) => result)).toEqual(['applied']);
    expect(isThrown).toBe(false);
  });

  test.each<[FaultAction, boolean]>([
    ['404', false],
    ['403-permission', false],
    ['500', true],
    ['drop-before', true],
  ])('is the old one again where the new one cannot be had: %s', async (action, isPassing) => {
    const { keys, outcomes, isThrown } = await replaced([{ to: 'new key', action }]);
    expect(keys).toEqual(['mirror writes']);
    expect(outcomes).toMatchObject([{ result: 'refused', code: 'deploy_key_not_recreated' }]);
    expect(outcomes).toMatchObject([{ detail: expect.stringMatching(/The old one was put back\.$/) }]);
    expect(outcomes.some((one) => 'isPassing' in one && one.isPassing)).toBe(isPassing);
    expect(isThrown).toBe(false);
  });

  test('is the old one again though the answer to putting it back is lost', async () => {
    const { keys, outcomes } = await replaced([
      { to: 'new key', action: '500' },
      { to: 'old key', action: 'drop-after-apply' },
    ]);
    expect(keys).toEqual(['mirror writes']);
    expect(outcomes).toMatchObject([{ detail: expect.stringContaining('put back') }]);
  });

  test('is told to be gone before the work is given up, where neither can be had', async () => {
    const { keys, outcomes, isThrown } = await replaced([
      { to: 'new key', action: '500' },
      { to: 'old key', action: '500' },
    ]);
    expect(keys).toEqual([]);
    expect(outcomes).toMatchObject([
      { result: 'refused', detail: expect.stringContaining('it is gone'), isPassing: true },
    ]);
    expect(isThrown).toBe(true);
  });

  test('stays where its deletion never arrives', async () => {
    const { keys, outcomes, isThrown } = await replaced([{ to: 'deletion', action: 'drop-before' }]);
    expect([keys, outcomes, isThrown]).toEqual([['mirror writes'], [], true]);
  });

  test('is not brought back where somebody else has deleted it meanwhile', async () => {
    const { keys, outcomes } = await replaced([{ to: 'new key', action: '404' }], ({ shop }) => {
      for (const { id } of shop.deployKeys()) shop.removeDeployKey(id);
    });
    expect(keys).toEqual([]);
    expect(outcomes).toMatchObject([{ result: 'refused' }]);
  });
});
