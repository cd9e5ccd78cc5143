import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MOST_SUMMARY } from '../../src/reports/check-run.ts';
import { gateComment } from '../../src/reports/gate-comment.ts';
import { GATE_CODES, type GateDecision, type GateResult } from '../../src/reports/gate-decision.ts';
import { gateDecisionDocument, gateLogFields } from '../../src/reports/gate-document.ts';
import { renderGateReport, type GateReport } from '../../src/reports/gate-report.ts';
import { decodeGateState, encodeGateState, NO_GATE_STATE, type GateState } from '../../src/reports/gate-state.ts';
import { gateStatusText } from '../../src/reports/gate-status-text.ts';
import { gateTable } from '../../src/reports/gate-terminal.ts';
import { zonedMomentText } from '../../src/reports/moment-text.ts';
import type { Paint } from '../../src/reports/paint.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const OPENS = { at: Date.parse('2026-03-03T08:00:00Z'), zone: 'Europe/Berlin' };

function result(given: Partial<GateResult> = {}): GateResult {
  return {
    gate: 'ref',
    verdict: 'passes',
    code: 'ref_matches',
    required: 'branch main',
    seen: 'branch main',
    unblockedBy: null,
    changesAt: null,
    bypassed: false,
    ...given,
  };
}

const FAILS = result({
  gate: 'checks',
  verdict: 'fails',
  code: 'checks_failed',
  required: 'build',
  seen: 'build: failure',
  unblockedBy: 'a new deployment',
});
const WAITS = result({
  gate: 'windows',
  verdict: 'waits',
  code: 'window_closed',
  required: 'inside office-hours',
  seen: 'closed',
  unblockedBy: 'time',
  changesAt: OPENS,
});

function decision(given: Partial<GateDecision> = {}): GateDecision {
  return { verdict: 'waiting', results: [result(), WAITS], changesAt: OPENS, bypass: null, heldUntil: null, ...given };
}

const APPROVED = decision({ verdict: 'approved', results: [result()], changesAt: null });
const REJECTED = decision({ verdict: 'rejected', results: [result(), WAITS, FAILS], changesAt: null });
const NOTHING = decision({ verdict: 'approved', results: [], changesAt: null });
const HELD = decision({ results: [FAILS], changesAt: { at: NOW, zone: 'UTC' }, heldUntil: NOW });
const BYPASSED = decision({
  verdict: 'approved',
  results: [result(), { ...FAILS, bypassed: true }],
  changesAt: null,
  bypass: { by: 'mona', at: NOW },
});

const plain: Paint = (_style, text) => text;

function report(one: GateDecision, given: Partial<GateReport> = {}): GateReport {
  return {
    environment: 'production',
    deployments: [{ label: 'deployment 1', decision: one }],
    files: [{ name: '.github/deployments.yml', commit: 'a'.repeat(40), repositoryUrl: 'https://github.com/acme/shop' }],
    told: 'enforce',
    bypassers: null,
    state: NO_GATE_STATE,
    ...given,
  };
}

describe('a moment', () => {
  test.each([
    [OPENS, 'Tue 2026-03-03 09:00 Europe/Berlin (2026-03-03 08:00 UTC)'],
    [{ at: NOW, zone: 'UTC' }, 'Mon 2026-03-02 12:00 UTC'],
    [{ at: NOW + 1, zone: 'UTC' }, 'Mon 2026-03-02 12:01 UTC'],
  ])('is told in its zone and in UTC, never too early', (moment, expected) => {
    expect(zonedMomentText(moment)).toBe(expected);
  });
});

describe('the check run', () => {
  test.each([
    ['is a success once approved', APPROVED, 'success', 'Approved: 1 gate passes'],
    [
      'is a success where nothing guards the environment',
      NOTHING,
      'success',
      'Approved: there are no gates, and no freeze is in force',
    ],
    ['is a success where somebody let it through', BYPASSED, 'success', 'Approved: bypassed'],
    ['is neutral while it waits', decision(), 'neutral', 'Waiting: windows'],
    ['is neutral where it is rejected, with what fails first', REJECTED, 'neutral', 'Rejected: checks, windows'],
    ['is neutral while it is held', HELD, 'neutral', 'Waiting to be bypassed, or rejected: checks'],
  ])('%s', (_title, given, conclusion, title) => {
    expect(renderGateReport(report(given))).toMatchObject({ name: 'Lockkeeper / production', conclusion, title });
  });

  test('tells each gate in a row, what blocks first, with the next moment in its zone and in UTC', () => {
    const rows = renderGateReport(report(REJECTED))
      .summary.split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows).toEqual([
      '| `checks` | ❌ fails (`checks_failed`) | build | build&#58; failure | a new deployment |  |',
      '| `windows` | ⏳ waits (`window_closed`) | inside office-hours | closed | time | Tue 2026-03-03 09&#58;00 Europe/Berlin &#40;2026-03-03 08&#58;00 UTC&#41; |',
      '| `ref` | ✅ passes (`ref_matches`) | branch main | branch main |  |  |',
    ]);
  });

  test('links the policy’s file and the commit that last changed it', () => {
    expect(renderGateReport(report(APPROVED)).summary).toContain(
      `Policy: [\`.github/deployments.yml\`](https://github.com/acme/shop/blob/${'a'.repeat(40)}/.github/deployments.yml) as of [\`aaaaaaaaaaaa\`](https://github.com/acme/shop/commit/${'a'.repeat(40)})`,
    );
  });

  test('has the button Re-evaluate always, and Bypass where `bypass` names somebody', () => {
    const labels = (bypassers: string | null) =>
      renderGateReport(report(decision(), { bypassers })).actions?.map(({ label }) => label);
    expect([labels(null), labels('team sre')]).toEqual([['Re-evaluate'], ['Re-evaluate', 'Bypass']]);
  });

  test('keeps its buttons within GitHub’s limits', () => {
    for (const { label, description, identifier } of renderGateReport(report(HELD, { bypassers: 'x' })).actions ?? []) {
      expect([label.length <= 20, description.length <= 40, identifier.length <= 20]).toEqual([true, true, true]);
    }
  });

  test('says who bypassed and when, and who pressed in vain', () => {
    const state: GateState = {
      answers: [],
      presses: [
        { button: 'reevaluate', by: 'hubot', at: NOW, refused: null },
        { button: 'bypass', by: 'eve', at: NOW, refused: 'only team sre may' },
        { button: 'bypass', by: 'mona', at: NOW, refused: null },
      ],
    };
    const { summary } = renderGateReport(report(BYPASSED, { state, bypassers: 'team sre' }));
    expect(summary).toContain('Bypassed by `mona` at 2026-03-02 12:00 UTC.');
    expect(summary).toContain(
      '- `eve` pressed Bypass at 2026-03-02 12:00 UTC, which changes nothing: only team sre may',
    );
    expect(summary).not.toContain('hubot');
    expect(decodeGateState(summary)).toEqual(state);
  });

  test('remembers nothing that stands anywhere but at its beginning', () => {
    const note = encodeGateState({ answers: [], presses: [{ button: 'bypass', by: 'eve', at: NOW, refused: null }] });
    expect(decodeGateState(`Something else\n\n${note}`)).toBeNull();
    expect(decodeGateState(`\`${note}\``)).toBeNull();
  });

  test('tells each deployment of the commit, and is a success only where all are approved', () => {
    const deployments = [
      { label: 'deployment 1', decision: APPROVED },
      { label: 'run 7, attempt 1', decision: decision() },
    ];
    const run = renderGateReport(report(APPROVED, { deployments }));
    expect([run.conclusion, run.title]).toEqual(['neutral', 'Waiting: windows (2 deployments)']);
    expect(run.summary).toMatch(/### deployment 1[^]+### run 7, attempt 1/);
  });

  test('says with `mode: report` what would happen', () => {
    expect(renderGateReport(report(REJECTED, { told: 'report' })).title).toBe('Would be rejected: checks, windows');
    expect(renderGateReport(report(HELD, { told: 'report' })).title).toMatch(/^Would wait/);
  });

  test('keeps within GitHub’s limit, with its state, whatever there is to tell', () => {
    const results = Array.from({ length: 500 }, () => ({
      ...FAILS,
      seen: '<@|'.repeat(300),
      required: '@'.repeat(900),
    }));
    const deployments = Array.from({ length: 20 }, () => ({ label: 'x', decision: decision({ results }) }));
    const state: GateState = { answers: [], presses: [{ button: 'bypass', by: 'mona', at: NOW, refused: null }] };
    const { summary } = renderGateReport(report(APPROVED, { deployments, state }));
    expect(summary.length).toBeLessThanOrEqual(MOST_SUMMARY);
    expect(decodeGateState(summary)).toEqual(state);
  });
});

describe('the comment to a run', () => {
  const comment = (one: GateDecision) =>
    gateComment(one, { told: 'enforce', detailsUrl: 'https://github.com/a/b/runs/1' });
  test.each([
    [NOTHING, 'Approved: there are no gates, and no freeze is in force.\n\nhttps://github.com/a/b/runs/1'],
    [
      decision(),
      'Waiting: windows.\n- `windows` waits (`window_closed`): `closed`; required: `inside office-hours`; unblocked by `time`; may change Tue 2026-03-03 09:00 Europe/Berlin (2026-03-03 08:00 UTC)\n\nhttps://github.com/a/b/runs/1',
    ],
    [BYPASSED, 'Approved: bypassed. Bypassed by `mona` at 2026-03-02 12:00 UTC.\n\nhttps://github.com/a/b/runs/1'],
  ])('says what blocks', (one, expected) => {
    expect(comment(one)).toBe(expected);
  });

  test('says with `mode: report` that nothing is held back, and what would be', () => {
    expect(gateComment(REJECTED, { told: 'report', detailsUrl: null })).toMatch(
      /^`mode: report`: approved all the same\. Would be rejected: checks, windows\.\n- `checks` fails/,
    );
  });

  test('tells every blocker’s code before it tells more of one', () => {
    const results = [FAILS, WAITS, { ...FAILS, gate: 'ref' as const, code: 'ref_does_not_match' as const }].map(
      (one) => ({
        ...one,
        seen: 'x'.repeat(255),
        required: 'y'.repeat(255),
      }),
    );
    const text = comment(decision({ verdict: 'rejected', results }));
    expect(text.length).toBeLessThanOrEqual(1_024);
    expect(text).toMatch(/`checks_failed`[^]+`ref_does_not_match`[^]+`window_closed`/);
  });
});

describe('the description of a status', () => {
  test.each([
    [NOTHING, 'Approved: no gates, and no freeze'],
    [APPROVED, 'Approved: its gate passes'],
    [BYPASSED, 'Approved: bypassed by mona'],
    [decision(), 'Waiting: windows: closed (until 2026-03-03 08:00 UTC)'],
    [REJECTED, 'Rejected: checks: build: failure; windows: closed (until 2026-03-03 08:00 UTC)'],
    [HELD, 'Waiting to be bypassed until 2026-03-02 12:00 UTC: checks: build: failure'],
  ])('says in one line what became of it', (one, expected) => {
    expect(gateStatusText(one)).toBe(expected);
  });
});

test('the terminal’s table has what blocks first, and who can unblock it below', () => {
  expect(gateTable(REJECTED, plain)).toEqual([
    'Rejected: checks, windows',
    '',
    'gate             required             seen',
    'checks   fails   build                build: failure',
    '    unblocked by a new deployment',
    'windows  waits   inside office-hours  closed',
    '    unblocked by time',
    '    may change Tue 2026-03-03 09:00 Europe/Berlin (2026-03-03 08:00 UTC)',
    'ref      passes  branch main          branch main',
  ]);
});

test('the document for scripts has moments as ISO 8601 has them', () => {
  expect(gateDecisionDocument(decision())).toMatchObject({
    verdict: 'waiting',
    results: [{ gate: 'windows', code: 'window_closed' }, { gate: 'ref' }],
    changesAt: { at: '2026-03-03T08:00:00.000Z', zone: 'Europe/Berlin' },
  });
});

test('the log names what blocks most, and every gate', () => {
  expect(gateLogFields(REJECTED)).toEqual({
    verdict: 'rejected',
    rule: 'checks',
    reason: 'checks_failed',
    detail: 'build: failure',
    gates: [
      { gate: 'checks', decision: 'fails', code: 'checks_failed' },
      { gate: 'windows', decision: 'waits', code: 'window_closed' },
      { gate: 'ref', decision: 'passes', code: 'ref_matches' },
    ],
  });
  expect(gateLogFields(APPROVED)).toMatchObject({ rule: 'none', reason: 'passed' });
});

describe('what somebody else wrote does nothing, in any rendering', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '@octocat',
      '@acme/owners',
      '![x](https://evil.example/x.png)',
      '[click](javascript:alert(1))',
      '<img src=x onerror=alert(1)>',
      '--> <b>',
      '`` ` @octocat',
      'a\n\n# Approved\n@octocat',
      'x | y | z\n| --- |',
      '\u001b[2J\u001b[31mred',
      'user\u202egnp.exe',
      '\ud800',
      'https://evil.example',
      '#12',
      'GH-12',
      '🚀'.repeat(300),
      '`'.repeat(300),
    ),
    fc.string({ unit: fc.constantFrom(...Array.from('@#<>[]()*_`~|!\\\n\r:.w/aG -&\u202e\u0000🚀')), maxLength: 400 }),
  );
  const results = fc.array(
    fc.record({
      gate: fc.constantFrom('ref' as const, 'checks' as const, 'freeze' as const),
      verdict: fc.constantFrom('passes' as const, 'waits' as const, 'fails' as const),
      code: fc.constantFrom(...GATE_CODES),
      required: hostile,
      seen: hostile,
      unblockedBy: fc.option(hostile),
      changesAt: fc.constantFrom(null, OPENS),
      bypassed: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  const decisions: fc.Arbitrary<GateDecision> = fc.record({
    verdict: fc.constantFrom('approved' as const, 'waiting' as const, 'rejected' as const),
    results,
    changesAt: fc.constantFrom(null, OPENS),
    bypass: fc.option(fc.record({ by: hostile, at: fc.constant(NOW) })),
    heldUntil: fc.constantFrom(null, NOW),
  });
  /** Markdown without its code spans, entities, comments and our own links: what is left is read as markup. */
  const active = (markdown: string): string =>
    markdown
      .replace(/<!-- lockkeeper-gates:[\w-]+ -->/g, '')
      .replace(/(?<!`)(`+)(?!`)([^]*?)(?<!`)\1(?!`)/g, '')
      .replaceAll('<!-- -->', '\0')
      .replace(/&#\d+;/g, '');
  const DANGER = /[@#](?!\0)(?!# )|<|!\[|https?:|javascript:/;
  const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

  test('the check run', () => {
    fc.assert(
      fc.property(decisions, hostile, (one, text) => {
        const files = [{ name: text, commit: text, repositoryUrl: text }];
        const presses = [{ button: 'bypass' as const, by: text, at: NOW, refused: text }];
        const given = { files, bypassers: text, state: { answers: [], presses }, environment: 'production' };
        const deployments = [
          { label: text, decision: one },
          { label: text, decision: one },
        ];
        const { summary, title } = renderGateReport(report(one, { ...given, deployments }));
        const seen = active(summary).replace(/^#{3} /gm, '');
        expect(seen).not.toMatch(DANGER);
        expect(summary.replaceAll('\n', '')).not.toMatch(UNSEEN);
        // No row has more or fewer cells than the head, but where nobody's text stands.
        for (const row of summary.split('\n').filter((line) => line.startsWith('| `'))) {
          expect(row.split('|')).toHaveLength(8);
        }
        expect(title).toMatch(/^[\w .,:()-]+$/);
      }),
      { numRuns: 200 },
    );
  });

  test('the comment to a run', () => {
    fc.assert(
      fc.property(decisions, fc.constantFrom('enforce' as const, 'report' as const), (one, told) => {
        const comment = gateComment(one, { told, detailsUrl: null });
        expect(comment.length).toBeGreaterThan(0);
        expect(comment.length).toBeLessThanOrEqual(1_024);
        expect(active(comment)).not.toMatch(DANGER);
        expect(comment.replaceAll('\n', '')).not.toMatch(UNSEEN);
      }),
      { numRuns: 300 },
    );
  });

  test('the description of a status', () => {
    fc.assert(
      fc.property(decisions, (one) => {
        const text = gateStatusText(one);
        expect(text.length).toBeLessThanOrEqual(140);
        expect(text).toMatch(/^(?:Approved|Waiting|Rejected)/);
        expect(text).not.toMatch(/[@\n]/);
        expect(text).not.toMatch(UNSEEN);
      }),
      { numRuns: 300 },
    );
  });

  test('the terminal, and lines of the log', () => {
    fc.assert(
      fc.property(decisions, (one) => {
        for (const line of gateTable(one, plain)) expect(line).not.toMatch(UNSEEN);
        const { detail = '', bypassedBy = '' } = gateLogFields(one);
        expect(detail + bypassedBy).not.toMatch(UNSEEN);
      }),
      { numRuns: 200 },
    );
  });
});
