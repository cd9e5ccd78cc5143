import { describe, expect, test } from '@jest/globals';
import type { CommitCheck } from '../../../src/gates/snapshot.ts';
import { ask, check, known, NOW, told, unreadable } from '../case.ts';

const RUN = { id: 7, attempt: 2 };
const earlier = { startedAt: NOW - 10_000_000 };
const ofRun = { run: RUN.id };

describe('the state of a check', () => {
  test.each([
    ...['success', 'neutral', 'skipped'].map((state) => [state, 'passes: checks_passed']),
    ...['failure', 'timed_out', 'cancelled', 'startup_failure', 'action_required', 'error'].map((state) => [
      state,
      'fails: checks_failed',
    ]),
    ...['queued', 'in_progress', 'waiting', 'requested', 'pending', 'expected', 'stale', 'of_tomorrow'].map((state) => [
      state,
      'waits: checks_unfinished',
    ]),
  ])('%s %s', (state, expected) => {
    expect(told(ask('{ checks: [build] }', { facts: { checks: known([check('build', state)]) } }))).toBe(expected);
  });
});

test.each<[string, string, readonly CommitCheck[], string]>([
  ['nothing there', '[build]', [], 'waits: checks_missing'],
  ['one of two missing', '[build, lint]', [check('build', 'success')], 'waits: checks_missing'],
  ['a failure beside one missing', '[build, lint]', [check('build', 'failure')], 'fails: checks_failed'],
  ['a pattern that nothing matches', '["e2e / *"]', [check('build', 'success')], 'waits: checks_missing'],
  ['a name in another case', '[build]', [check('Build', 'success')], 'waits: checks_missing'],
  [
    'a status for a check run',
    '[ci]',
    [check('ci', 'success', { kind: 'status', app: 'mona' })],
    'passes: checks_passed',
  ],
  ['a status that is pending', '[ci]', [check('ci', 'pending', { kind: 'status' })], 'waits: checks_unfinished'],
  [
    'a failure that no pattern matches',
    '[build]',
    [check('build', 'success'), check('lint', 'failure')],
    'passes: checks_passed',
  ],
  [
    'all that a pattern matches',
    '["e2e / *"]',
    [check('e2e / linux', 'success'), check('e2e / windows', 'failure')],
    'fails: checks_failed',
  ],
  [
    'an older failure',
    '[build]',
    [check('build', 'failure', earlier), check('build', 'success')],
    'passes: checks_passed',
  ],
  [
    'an older success',
    '[build]',
    [check('build', 'success', earlier), check('build', 'in_progress')],
    'waits: checks_unfinished',
  ],
  [
    'of the same second, the later one',
    '[build]',
    [check('build', 'failure', { id: 900 }), check('build', 'success', { id: 901 })],
    'passes: checks_passed',
  ],
  [
    'of two apps, the newest of each',
    '[build]',
    [check('build', 'failure', { ...earlier, app: 'jenkins' }), check('build', 'success')],
    'fails: checks_failed',
  ],
  [
    'this app’s own',
    '["*"]',
    [check('build', 'success'), check('Lockkeeper', 'failure', { own: true })],
    'passes: checks_passed',
  ],
  ['this app’s own alone', '["Lockkeeper*"]', [check('Lockkeeper', 'success', { own: true })], 'waits: checks_missing'],
  [
    'the job of the run that waits',
    '["*"]',
    [check('build', 'success'), check('deploy', 'waiting', ofRun), check('smoke', 'queued', ofRun)],
    'passes: checks_passed',
  ],
  ['a job of the run that is in progress', '["*"]', [check('lint', 'in_progress', ofRun)], 'waits: checks_unfinished'],
  ['a job of the run that failed', '["*"]', [check('lint', 'failure', ofRun)], 'fails: checks_failed'],
  ['a waiting job of another run', '["*"]', [check('deploy', 'waiting', { run: 8 })], 'waits: checks_unfinished'],
  [
    'the failure of the waiting job’s first attempt',
    '["*"]',
    [
      check('build', 'success'),
      check('deploy', 'failure', { ...ofRun, ...earlier }),
      check('deploy', 'waiting', ofRun),
    ],
    'passes: checks_passed',
  ],
  [
    'the success of the waiting job’s first attempt',
    '[deploy]',
    [check('deploy', 'success', { ...ofRun, ...earlier }), check('deploy', 'queued', ofRun)],
    'waits: checks_missing',
  ],
  [
    'the same job of another run',
    '[deploy]',
    [check('deploy', 'success', { run: 8, ...earlier }), check('deploy', 'queued', ofRun)],
    'passes: checks_passed',
  ],
])('%s (%s)', (_title, patterns, checks, expected) => {
  expect(told(ask(`{ checks: ${patterns} }`, { run: RUN, facts: { checks: known(checks) } }))).toBe(expected);
});

test('checks that cannot be read make it wait', () => {
  expect(told(ask('{ checks: [build] }', { facts: { checks: unreadable } }))).toBe('waits: fact_unreadable');
});

test('names what blocks, and of many the first few', () => {
  const checks = Array.from({ length: 12 }, (_, index) => check(`e2e / ${index}`, index < 2 ? 'success' : 'timed_out'));
  expect(ask('{ checks: ["e2e / *", build] }', { facts: { checks: known(checks) } })).toMatchObject({
    required: 'e2e / *, build',
    seen: 'e2e / 2: timed out, e2e / 3: timed out, e2e / 4: timed out, e2e / 5: timed out, e2e / 6: timed out, and 5 more',
  });
});
