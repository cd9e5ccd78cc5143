import { expect, test } from '@jest/globals';
import type { ElsewhereDeployment } from '../../../src/gates/snapshot.ts';
import { deploymentId } from '../../../src/github/trusted.ts';
import { ask, HOUR, known, MINUTE, NOW, told, unreadable } from '../case.ts';

type Elsewhere = Omit<ElsewhereDeployment, 'id' | 'succeededAt'> & { readonly ago: number | null };

function facts(newest: Elsewhere | null) {
  const value =
    newest === null
      ? null
      : {
          id: deploymentId(4),
          state: newest.state,
          succeededAt: newest.ago === null ? null : NOW - newest.ago,
        };
  return { facts: { elsewhere: new Map([['staging', known(value)]]) } };
}

const SOAK = '{ environment: Staging, for: 30m }';

test.each<[string, string, Elsewhere | null, string]>([
  ['never deployed there', SOAK, null, 'waits: not_succeeded_elsewhere'],
  ['succeeded long enough ago', SOAK, { state: 'success', ago: HOUR }, 'passes: succeeded_elsewhere'],
  ['succeeded just long enough ago', SOAK, { state: 'success', ago: 30 * MINUTE }, 'passes: succeeded_elsewhere'],
  ['succeeded not long ago', SOAK, { state: 'success', ago: 30 * MINUTE - 1 }, 'waits: soaking'],
  [
    'succeeded just now, without `for`',
    '{ environment: staging }',
    { state: 'success', ago: 0 },
    'passes: succeeded_elsewhere',
  ],
  ['made inactive since it succeeded', SOAK, { state: 'inactive', ago: HOUR }, 'passes: succeeded_elsewhere'],
  ['made inactive before it soaked', SOAK, { state: 'inactive', ago: MINUTE }, 'waits: soaking'],
  ['made inactive without success', SOAK, { state: 'inactive', ago: null }, 'waits: not_succeeded_elsewhere'],
  ['under way', SOAK, { state: 'in_progress', ago: null }, 'waits: not_succeeded_elsewhere'],
  ['under way again', SOAK, { state: 'in_progress', ago: HOUR }, 'waits: not_succeeded_elsewhere'],
  ['without a status', SOAK, { state: 'pending', ago: null }, 'waits: not_succeeded_elsewhere'],
  ['failed', SOAK, { state: 'failure', ago: null }, 'fails: failed_elsewhere'],
  ['in error', SOAK, { state: 'error', ago: null }, 'fails: failed_elsewhere'],
  ['failed after it had succeeded', SOAK, { state: 'failure', ago: HOUR }, 'fails: failed_elsewhere'],
])('%s (%s)', (_title, required, newest, expected) => {
  expect(told(ask(`{ succeeded_in: ${required} }`, facts(newest)))).toBe(expected);
});

test('what cannot be read, or was not asked, makes it wait', () => {
  for (const elsewhere of [new Map([['staging', unreadable]]), new Map()]) {
    expect(told(ask(`{ succeeded_in: ${SOAK} }`, { facts: { elsewhere } }))).toBe('waits: fact_unreadable');
  }
});

test('says until when it soaks', () => {
  expect(ask(`{ succeeded_in: ${SOAK} }`, facts({ state: 'success', ago: 10 * MINUTE }))).toMatchObject({
    required: 'success in Staging, 30m ago or more',
    seen: 'deployment 4 in Staging succeeded at 2026-03-02T11:50Z',
    changesAt: { at: NOW + 20 * MINUTE, zone: 'UTC' },
  });
});
