import { expect, test } from '@jest/globals';
import type { DeploymentState } from '../../src/changes/change.ts';
import { compareWithExpected, type CurrentState, type DeploymentChange } from '../../src/changes/read-states.ts';
import { commitSha, deploymentId, nodeId } from '../../src/github/trusted.ts';

function change(kind: 'end' | 'fail' | 'delete', state: DeploymentState, status: string | null): DeploymentChange {
  const common = {
    deployment: {
      id: deploymentId(1),
      node: nodeId('D_1'),
      environment: 'review',
      ref: 'main',
      sha: commitSha('a'.repeat(40)),
    },
    reason: 'Because.',
    expect: { state, status: status === null ? null : nodeId(status) },
  };
  if (kind === 'delete') return { ...common, kind: 'delete_deployment', rule: 'delete_after' };
  return {
    ...common,
    kind: 'deployment_status',
    state: kind === 'end' ? 'inactive' : 'error',
    rule: 'inactivate_after',
    description: '',
    environmentUrl: null,
    logUrl: null,
    teardown: null,
  };
}

type Case = readonly [title: string, change: DeploymentChange, current: CurrentState, left: string];

const CASES: readonly Case[] = [
  ['as expected', change('end', 'success', 'S1'), { state: 'success', status: 'S1' }, 'due'],
  ['without a status, as expected', change('fail', 'pending', null), { state: 'pending', status: null }, 'due'],
  ['ended already', change('end', 'success', 'S1'), { state: 'inactive', status: 'S2' }, 'done'],
  ['failed already', change('fail', 'pending', null), { state: 'error', status: 'S1' }, 'done'],
  ['failed, where it was to end', change('end', 'success', 'S1'), { state: 'failure', status: 'S2' }, 'overtaken'],
  [
    'in the same state by a newer status',
    change('end', 'success', 'S1'),
    { state: 'success', status: 'S2' },
    'overtaken',
  ],
  ['with a first status', change('fail', 'pending', null), { state: 'pending', status: 'S1' }, 'overtaken'],
  ['gone, where it was to end', change('end', 'success', 'S1'), null, 'overtaken'],
  ['gone, where it was to be deleted', change('delete', 'inactive', 'S1'), null, 'done'],
  ['to be deleted, as expected', change('delete', 'inactive', 'S1'), { state: 'inactive', status: 'S1' }, 'due'],
  [
    'to be deleted, and active again',
    change('delete', 'inactive', 'S1'),
    { state: 'success', status: 'S2' },
    'overtaken',
  ],
];

test.each(CASES)('a deployment that is %s', (...[, one, current, left]) => {
  expect(compareWithExpected(one, current)).toBe(left);
});
