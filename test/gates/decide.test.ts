import { describe, expect, test } from '@jest/globals';
import { decideGates, nextLook } from '../../src/gates/decide.ts';
import { neededFacts } from '../../src/gates/gates-policy.ts';
import {
  candidate,
  check,
  HOUR,
  known,
  MINUTE,
  NOW,
  only,
  policy,
  snapshot,
  standing,
  told,
  unreadable,
} from './case.ts';

const GREEN = { checks: known([check('build', 'success')]) };
const RED = { checks: known([check('build', 'failure')]) };
const NONE_YET = { checks: known([]) };

function verdicts(question: Parameters<typeof decideGates>[0]) {
  return Object.fromEntries([...decideGates(question)].map(([key, { verdict }]) => [key, verdict]));
}

describe('one deployment', () => {
  test('is approved where there is no policy, no entry, no gate and no freeze, with nothing to say', () => {
    for (const nothing of [{ kind: 'none' } as const, policy(''), { ...policy(''), entry: null }]) {
      const decision = only(decideGates({ snapshot: snapshot([candidate()]), policy: nothing, now: NOW }));
      expect(decision).toEqual({ verdict: 'approved', results: [], changesAt: null, bypass: null, heldUntil: null });
    }
  });

  test.each([
    [
      'one that fails rejects, whatever the others say',
      '[{ checks: [build] }, { ref: [release] }]',
      NONE_YET,
      'rejected',
    ],
    ['else one that waits waits', '[{ checks: [build] }, { ref: [main] }]', NONE_YET, 'waiting'],
    ['else it is approved', '[{ checks: [build] }, { ref: [main] }]', GREEN, 'approved'],
  ])('of its gates, %s', (_title, gates, facts, verdict) => {
    const given = { snapshot: snapshot([candidate({ facts })]), policy: policy(`gates: ${gates}`), now: NOW };
    expect(only(decideGates(given)).verdict).toBe(verdict);
  });

  test('waits while no version of the policy can be gone by', () => {
    const unusable = { kind: 'unusable', why: 'none of the last ten versions parses' } as const;
    const decision = only(decideGates({ snapshot: snapshot([candidate()]), policy: unusable, now: NOW }));
    expect([decision.verdict, ...decision.results.map(told)]).toEqual(['waiting', 'waits: policy_not_usable']);
  });

  test('waits while its entry has a value out of range, and says which', () => {
    const broken = policy('protection: { wait_timer: 50000 }\ngates: [{ ref: [main] }]');
    const decision = only(decideGates({ snapshot: snapshot([candidate()]), policy: broken, now: NOW }));
    expect([decision.verdict, ...decision.results.map(told)]).toEqual(['waiting', 'waits: policy_not_usable']);
    expect(decision.results[0]?.seen).toContain('protection.wait_timer');
    expect(neededFacts(broken).ancestry).toBe(false);
  });
});

describe('a freeze', () => {
  const freeze =
    'freezes:\n  - { name: year-end, from: 2026-03-01T00:00, to: 2026-03-04T08:00, time_zone: Europe/Berlin }\n';
  const end = Date.parse('2026-03-04T07:00:00Z');

  test('makes what it covers wait until its end, also without an entry', () => {
    for (const frozen of [policy('gates: [{ ref: [main] }]', freeze), { ...policy('', freeze), entry: null }]) {
      const decision = only(decideGates({ snapshot: snapshot([candidate()]), policy: frozen, now: NOW }));
      expect([decision.verdict, told(decision.results[0] ?? (undefined as never))]).toEqual([
        'waiting',
        'waits: freeze_in_force',
      ]);
      expect(decision.changesAt).toEqual({ at: end, zone: 'Europe/Berlin' });
      expect(only(decideGates({ snapshot: snapshot([candidate()]), policy: frozen, now: end })).verdict).toBe(
        'approved',
      );
    }
  });

  test('does not save what fails', () => {
    const frozen = policy('gates: [{ ref: [release] }]', freeze);
    expect(only(decideGates({ snapshot: snapshot([candidate()]), policy: frozen, now: NOW })).verdict).toBe('rejected');
  });
});

describe('a deployment that fails where somebody may bypass', () => {
  const held = policy('gates: [{ checks: [build] }]\nbypass: { teams: [sre] }');
  const decide = (age: number | null, given = held) =>
    only(decideGates({ snapshot: snapshot([candidate({ age, facts: RED })]), policy: given, now: NOW }));

  test('is held until an hour after its creation, and rejected then', () => {
    const decision = decide(HOUR - 1);
    expect([decision.verdict, decision.heldUntil]).toEqual(['waiting', NOW + 1]);
    expect(nextLook([decision])).toEqual({ at: NOW + 1, zone: 'UTC' });
    expect([decide(HOUR).verdict, decide(HOUR).heldUntil]).toEqual(['rejected', null]);
  });

  test('is held while nobody knows when it was created', () => {
    expect([decide(null).verdict, decide(null).heldUntil, decide(null).changesAt]).toEqual(['waiting', null, null]);
    expect(decide(null, policy('gates: [{ checks: [build] }]')).verdict).toBe('rejected');
  });

  test('is rejected at once where `bypass` names nobody, or there is no button', () => {
    expect(decide(0, policy('gates: [{ checks: [build] }]\nbypass: { teams: [] }')).verdict).toBe('rejected');
    expect(
      decide(0, policy('gates: [{ checks: [build] }]\nbypass: { teams: [sre] }', 'check_runs: false\n')).verdict,
    ).toBe('rejected');
  });
});

describe('a bypass', () => {
  const freeze = 'freezes: [{ name: stop }]\n';
  const entry = 'gates: [{ checks: [build] }, { ref: [release] }]\nbypass: { teams: [sre], freezes: ';
  const decide = (
    press: { by: string; at: number },
    given: Parameters<typeof candidate>[0] = {},
    used = policy(`${entry}false }`),
  ) => only(decideGates({ snapshot: snapshot([candidate({ bypasses: [press], ...given })]), policy: used, now: NOW }));
  const monaNow = { by: 'mona', at: NOW };

  test('lets failing, waiting and unreadable gates through, and is named', () => {
    const decision = decide(monaNow, { facts: { checks: unreadable } });
    expect([decision.verdict, decision.bypass]).toEqual(['approved', monaNow]);
    expect(decision.results.map(({ bypassed }) => bypassed)).toEqual([true, true]);
  });

  test.each([
    ['was given 24 hours ago', { by: 'mona', at: NOW - 24 * HOUR }, {}],
    ['was given by the deployment’s creator', { by: 'OctoCat', at: NOW }, {}],
    ['cannot be told from the creator’s own', { by: 'mona', at: NOW }, { creator: unreadable }],
    ['is yet to come', { by: 'mona', at: NOW + HOUR }, {}],
  ])('does not count where it %s', (_title, press, given) => {
    expect(decide(press, { facts: RED, ...given })).toMatchObject({ verdict: 'rejected', bypass: null });
  });

  test('counts for just under 24 hours', () => {
    expect(decide({ by: 'mona', at: NOW - 24 * HOUR + 1 }, { facts: RED }).verdict).toBe('approved');
  });

  test('does not count once the policy lets nobody bypass, or shows no buttons', () => {
    expect(decide(monaNow, { facts: RED }, policy('gates: [{ checks: [build] }]')).verdict).toBe('rejected');
    expect(decide(monaNow, { facts: RED }, policy(`${entry}true }`, 'check_runs: false\n')).verdict).toBe('rejected');
  });

  test('covers freezes only where the policy says so', () => {
    expect(decide(monaNow, { facts: RED }, policy(`${entry}false }`, freeze)).verdict).toBe('waiting');
    expect(decide(monaNow, { facts: RED }, policy(`${entry}true }`, freeze)).verdict).toBe('approved');
  });

  test('that was not needed is not named', () => {
    const decision = decide(
      monaNow,
      { facts: GREEN },
      policy('gates: [{ checks: [build] }]\nbypass: { users: [mona] }'),
    );
    expect([decision.verdict, decision.bypass]).toEqual(['approved', null]);
  });

  test('says when it runs out, where a freeze outlasts it', () => {
    expect(decide(monaNow, { facts: RED }, policy(`${entry}false }`, freeze)).changesAt).toEqual({
      at: NOW + 24 * HOUR,
      zone: 'UTC',
    });
  });
});

describe('several that wait in one environment', () => {
  const two = (older: object = {}, newer: object = {}) => [
    candidate({ id: 1, commit: 'a', age: 40 * MINUTE, facts: GREEN, ...older }),
    candidate({ id: 2, commit: 'b', age: 20 * MINUTE, facts: GREEN, ...newer }),
  ];

  test.each([
    ['of two that could go, the older goes', two(), [], { 'deployment/1': 'approved', 'deployment/2': 'waiting' }],
    [
      'an older one that waits for something else too is overtaken',
      two({ facts: NONE_YET }),
      [],
      { 'deployment/1': 'waiting', 'deployment/2': 'approved' },
    ],
    [
      'an older one that fails is in nobody’s way',
      two({ facts: RED }),
      [],
      { 'deployment/1': 'rejected', 'deployment/2': 'approved' },
    ],
    [
      'while one is in progress, both wait',
      two(),
      [standing({ state: 'in_progress' })],
      { 'deployment/1': 'waiting', 'deployment/2': 'waiting' },
    ],
    [
      'two of the same commit go together',
      two({}, { commit: 'a' }),
      [],
      { 'deployment/1': 'approved', 'deployment/2': 'approved' },
    ],
    [
      'one whose commit is in progress already does not wait behind one that waits for it',
      two({}, { commit: 'f' }),
      [standing({ commit: 'f', state: 'queued', answered: 'approved' })],
      { 'deployment/1': 'waiting', 'deployment/2': 'approved' },
    ],
  ])('with `max_in_progress: 1`, %s', (_title, candidates, others, expected) => {
    const used = policy('gates: [{ checks: [build] }, { max_in_progress: 1 }]');
    expect(verdicts({ snapshot: snapshot(candidates, others), policy: used, now: NOW })).toEqual(expected);
    expect(verdicts({ snapshot: snapshot([...candidates].reverse(), others), policy: used, now: NOW })).toEqual(
      expected,
    );
  });

  test('twenty that wait for one freeze go one at a time, the oldest first', () => {
    const frozen = policy('gates: [{ max_in_progress: 1 }]', 'freezes: [{ name: stop, to: 2026-03-02T12:00 }]\n');
    const many = Array.from({ length: 20 }, (_, index) =>
      candidate({
        id: 50 - index,
        key: `run/${index}/1`,
        commit: 'abcdef0123456789'[index % 16] ?? '',
        age: (20 - index) * MINUTE,
      }),
    );
    const during = Object.values(verdicts({ snapshot: snapshot(many), policy: frozen, now: NOW - 1 }));
    expect(new Set(during)).toEqual(new Set(['waiting']));
    const after = verdicts({ snapshot: snapshot(many), policy: frozen, now: NOW });
    const approved = Object.entries(after).filter(([, verdict]) => verdict === 'approved');
    // The seventeenth is of the same commit as the first.
    expect(approved.map(([key]) => key)).toEqual(['run/0/1', 'run/16/1']);
  });

  test.each([
    ['the older one fails', two(), [], { 'deployment/1': 'rejected', 'deployment/2': 'approved' }],
    [
      'a newer one that fails supersedes nothing',
      two({}, { facts: RED }),
      [],
      { 'deployment/1': 'approved', 'deployment/2': 'rejected' },
    ],
    [
      'a newer one that waits supersedes what could go',
      two({}, { facts: NONE_YET }),
      [],
      { 'deployment/1': 'rejected', 'deployment/2': 'waiting' },
    ],
    [
      'a newer one of the same commit supersedes nothing',
      two({}, { commit: 'a' }),
      [],
      { 'deployment/1': 'approved', 'deployment/2': 'approved' },
    ],
  ])('with `latest_only`, %s', (_title, candidates, others, expected) => {
    const used = policy('gates: [{ latest_only: true }, { checks: [build] }]');
    expect(verdicts({ snapshot: snapshot(candidates, others), policy: used, now: NOW })).toEqual(expected);
  });

  test('one that is held stands in nobody’s way, and one that is bypassed counts', () => {
    const used = policy(
      'gates: [{ latest_only: true }, { max_in_progress: 1 }, { checks: [build] }]\nbypass: { users: [mona] }',
    );
    expect(verdicts({ snapshot: snapshot(two({}, { facts: RED })), policy: used, now: NOW })).toEqual({
      'deployment/1': 'approved',
      'deployment/2': 'waiting',
    });
    const bypassed = two({}, { facts: RED, bypasses: [{ by: 'mona', at: NOW }] });
    expect(verdicts({ snapshot: snapshot(bypassed), policy: used, now: NOW })).toEqual({
      'deployment/1': 'waiting',
      'deployment/2': 'approved',
    });
  });

  test('what is superseded takes no place', () => {
    const used = policy('gates: [{ max_in_progress: 1 }, { latest_only: true }]');
    expect(verdicts({ snapshot: snapshot(two()), policy: used, now: NOW })).toEqual({
      'deployment/1': 'rejected',
      'deployment/2': 'approved',
    });
  });
});

test('only what some gate asks for is needed', () => {
  expect(
    neededFacts(
      policy(
        'gates: [{ creator: { teams: [Deployers] } }, { forward_only: { rollback_by: { teams: [sre] } } }, { ref: ["release/*", { tag: "v*" }] }, { succeeded_in: { environment: Staging } }]',
      ),
    ),
  ).toEqual({
    standing: false,
    creator: true,
    teams: ['deployers', 'sre'],
    branches: [['release/*']],
    checks: false,
    pullRequests: false,
    approvals: false,
    elsewhere: ['staging'],
    ancestry: true,
    succeededHere: true,
  });
});
