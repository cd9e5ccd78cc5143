import { visibleText } from './escape.ts';
import type { GateDecision, GateResult } from './gate-decision.ts';
import { blockersFirst, headline, standingOf, type Standing } from './gate-words.ts';
import { utcText, zonedMomentText } from './moment-text.ts';
import type { Paint, Style } from './paint.ts';

const STYLES = {
  fails: 'red',
  waits: 'yellow',
  bypassed: 'yellow',
  passes: 'green',
} as const satisfies Record<Standing, Style>;

const HEAD = ['gate', '', 'required', 'seen'] as const;
/** Characters of a column; what is cut here, `--json` has whole. */
const WIDEST = 60;

/** A decision as a table for a terminal, a line each: what blocks first, and below it who can unblock it and when. */
export function gateTable(decision: GateDecision, paint: Paint): readonly string[] {
  const { results, bypass, changesAt, heldUntil } = decision;
  const rows = blockersFirst(results).map((result) => ({ result, cells: cellsOf(result) }));
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => widthOf(cells[column] ?? ''))),
  );
  return [
    paint(STYLE_OF_VERDICT[decision.verdict], headline(decision, 'enforce')),
    ...(bypass === null ? [] : [`Bypassed by ${visibleText(bypass.by)} at ${utcText(bypass.at)}`]),
    ...(heldUntil === null ? [] : [`Rejected at ${zonedMomentText({ at: heldUntil, zone: 'UTC' })} unless bypassed`]),
    ...(rows.length === 0 ? [] : ['', paint('dim', line(HEAD, widths))]),
    ...rows.flatMap(({ result, cells }) => [
      line(cells, widths, (text, column) => (column === 1 ? paint(STYLES[standingOf(result)], text) : text)),
      ...belowOf(result).map((text) => paint('dim', `    ${text}`)),
    ]),
    ...(changesAt === null || heldUntil !== null ? [] : ['', `May change by itself: ${zonedMomentText(changesAt)}`]),
  ];
}

const STYLE_OF_VERDICT = {
  approved: 'green',
  waiting: 'yellow',
  rejected: 'red',
} as const satisfies Record<GateDecision['verdict'], Style>;

function cellsOf(result: GateResult): readonly string[] {
  const { gate, required, seen } = result;
  return [gate, standingOf(result), visibleText(required, WIDEST), visibleText(seen, WIDEST)];
}

function belowOf({ unblockedBy, changesAt }: GateResult): readonly string[] {
  return [
    ...(unblockedBy === null ? [] : [`unblocked by ${visibleText(unblockedBy)}`]),
    ...(changesAt === null ? [] : [`may change ${zonedMomentText(changesAt)}`]),
  ];
}

function line(
  cells: readonly string[],
  widths: readonly number[],
  style: (text: string, column: number) => string = (text) => text,
): string {
  const padded = cells.map((text, column) => {
    const fill = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(text)));
    return column === cells.length - 1 ? style(text, column) : style(text, column) + fill;
  });
  return padded.join('  ').trimEnd();
}

function widthOf(text: string): number {
  return Array.from(text).length;
}
