import { expect, test } from '@jest/globals';
import { commitSha, deploymentId, nodeId } from '../../src/github/trusted.ts';
import type { Change } from '../../src/changes/change.ts';
import { withinLimits } from '../../src/changes/limits.ts';

function deletion(id: number): Change {
  return {
    kind: 'delete_deployment',
    deployment: {
      id: deploymentId(id),
      node: nodeId(`D${id}`),
      environment: 'e',
      ref: 'r',
      sha: commitSha('a'.repeat(40)),
    },
    rule: 'delete_after',
    reason: '',
    expect: { state: 'inactive', status: null },
  };
}

const environment: Change = {
  kind: 'delete_environment',
  environment: 'e',
  expect: { deployments: [], spellings: ['e'] },
  rule: 'delete_environment',
  reason: '',
};

test('the first of a kind are taken, and the rest is counted', () => {
  const changes = [deletion(1), deletion(2), deletion(3)];
  expect(withinLimits(changes, { inactivate: 0, delete: 2, keys: 0 })).toEqual({
    now: changes.slice(0, 2),
    later: { inactivate: 0, delete: 1, keys: 0 },
  });
});

test('an environment counts as a deletion', () => {
  expect(withinLimits([deletion(1), environment], { inactivate: 9, delete: 1, keys: 0 }).later).toEqual({
    inactivate: 0,
    delete: 1,
    keys: 0,
  });
});

test('recreating a key counts as one change', () => {
  const key = { title: 'mirror', key: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:mirror', readOnly: true };
  const old = { ...key, id: 1, readOnly: false, createdAt: 0, lastUsed: null, addedBy: null };
  const change: Change = { kind: 'recreate_deploy_key', rule: 'allowed_key_differs', reason: '', wanted: key, old };
  expect(withinLimits([change, change], { inactivate: 0, delete: 0, keys: 1 })).toEqual({
    now: [change],
    later: { inactivate: 0, delete: 0, keys: 1 },
  });
});

test('what is overspent takes nothing', () => {
  expect(withinLimits([environment], { inactivate: 9, delete: -3, keys: 0 }).now).toEqual([]);
});
