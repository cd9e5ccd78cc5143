import { describe, expect, test } from '@jest/globals';
import type { DeployKeyDeletion } from '../../src/changes/deploy-key-change.ts';
import { lineList, MOST_SUMMARY, summarize, type Paragraph } from '../../src/reports/check-run.ts';
import { announcementKey, readAnnouncements } from '../../src/reports/deploy-keys-report.ts';
import { renderHeadReport, type HeadReport } from '../../src/reports/head-report.ts';
import type { PlanLine } from '../../src/reports/plan.ts';
import type { FindingCode } from '../../src/reports/reason-codes.ts';
import { decodeState, NO_STATE, withEvents } from '../../src/reports/report-state.ts';

const NOW = 1_000 * 86_400_000;
const LONG = 'é"'.repeat(250);

const times = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const line = (i: number): PlanLine => ({ sign: '~', what: 'variable', name: `e${i}`, difference: LONG, reason: LONG });
const finding = (code: FindingCode) => (i: number) => ({ code, environment: `e${i}`, message: LONG });

const deletion = (i: number): DeployKeyDeletion => ({
  kind: 'delete_deploy_key',
  rule: 'on_unknown',
  reason: 'It is unknown.',
  old: {
    id: i,
    title: `key ${i}`,
    key: `ssh-rsa ${'A'.repeat(700)}`,
    fingerprint: `SHA256:${i}`,
    readOnly: true,
    createdAt: 0,
    lastUsed: null,
    addedBy: 'octocat',
  },
});

const KINDS = ['changed', 'drifted', 'deleted'] as const;

/** As much of everything as there can be. */
function report(count: number): HeadReport {
  const events = times(count, (i) => ({ at: NOW, kind: KINDS[i % 3] ?? 'changed', line: line(i) }) as const);
  return {
    own: { name: '.github/deployments.yml', state: 'valid', commit: 'c0ffee', diagnostics: [] },
    organisation: null,
    unseen: null,
    isPrivate: true,
    mode: 'enforce',
    findings: [...times(count, finding('change_refused')), ...times(count, finding('secret_missing'))],
    planned: times(count, line),
    state: withEvents({ ...NO_STATE, applied: 'c0ffee' }, events, NOW),
    overruled: times(count, () => LONG),
    deployKeys: { announced: times(Math.min(count, 20), deletion), wouldChange: times(count, line) },
  };
}

describe('a report that says more than GitHub takes', () => {
  test('keeps each section, and says how much of it is missing', () => {
    const { summary } = renderHeadReport(report(300));
    expect(summary.length).toBeLessThanOrEqual(MOST_SUMMARY);
    expect(summary).toContain('in force');
    const sections = summary.split('\n### ').slice(1);
    expect(sections.map((text) => text.split('\n')[0])).toEqual([
      'Deploy keys',
      'Could not be done',
      'Needs attention',
      'Would be done',
      'Had drifted, and was put back',
      'Changed',
      'Deleted',
      'Overruled by the organisation’s policy',
    ]);
    expect(sections.filter((text) => text.includes('\n- '))).toEqual(sections);
    expect(sections[1]).toMatch(/- … and \d+ more\.$/m);
    expect(summary).not.toContain('the log has');
  });

  test('still says to the next process what it has to know, whole announcements among it', () => {
    const said = report(300);
    const { summary } = renderHeadReport(said);
    expect(decodeState(summary)).toEqual(said.state);
    const announced = [...readAnnouncements(summary)];
    expect(announced.length).toBeGreaterThan(5);
    expect(announced).toEqual(said.deployKeys?.announced.map(announcementKey).slice(0, announced.length));
    expect(summary.match(/`ssh-rsa A{700}`/g)).toHaveLength(announced.length);
  });

  test('that fits is not cut', () => {
    const { summary } = renderHeadReport(report(3));
    expect(summary).not.toMatch(/more/);
  });
});

test('a report that everybody can read says nowhere what variables hold', () => {
  const told = (what: string) =>
    ({ sign: '~', what, name: 'e', difference: `a-telling-value of a ${what}`, reason: '' }) as const;
  const events = [told('variable'), told('environment')].map(
    (one) => ({ at: NOW, kind: 'changed', line: one }) as const,
  );
  const said: HeadReport = {
    ...report(0),
    findings: [{ code: 'change_refused', message: 'A: a-telling-value', logMessage: 'A' }],
    planned: [told('variable')],
    state: { ...NO_STATE, events },
  };
  const values = (isPrivate: boolean) => {
    const { summary } = renderHeadReport({ ...said, isPrivate });
    const hidden = decodeState(summary)?.events.map(({ line: { difference } }) => difference);
    return [summary.match(/a-telling-value/g)?.length, hidden];
  };
  expect(values(true)).toEqual([4, ['a-telling-value of a variable', 'a-telling-value of a environment']]);
  expect(values(false)).toEqual([1, ['', 'a-telling-value of a environment']]);
});

describe('paragraphs are joined within GitHub’s limit', () => {
  const x = (count: number) => 'x'.repeat(count);
  const cases: readonly (readonly [string, readonly Paragraph[], RegExp])[] = [
    ['a paragraph that is too long is left out, and what comes after it is not', ['a', x(70_000), 'b'], /^a\n\nb\n\n_/],
    ['a list is cut between its items', [lineList(times(70, () => x(1000))), 'b'], /x\n- … and \d more\.\n\nb\n\n_/],
    ['short lists stay whole', [lineList(times(70, () => x(1000))), lineList(['c', 'd'])], /c\nd\n\n_/],
    ['an item that is too long for all of it is counted', [lineList([x(70_000)])], /^- … and 1 more\./],
  ];
  test.each(cases)('%s', (_name, paragraphs, expected) => {
    const text = summarize(paragraphs);
    expect(text.length).toBeLessThanOrEqual(MOST_SUMMARY);
    expect(text).toMatch(expected);
  });
});
