import type { TextRange } from '../diagnostics.ts';
import type { Span } from './tree.ts';

/** Turns offsets of a text into lines and columns that count from 1. Columns count UTF-16 units, as editors do. */
export interface Lines {
  /** A span's range, cut to the line that it begins on. */
  rangeOf(span: Span): TextRange;
}

export function indexLines(text: string): Lines {
  const starts = [0];
  const ends: number[] = [];
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n|\r|\n/g)) {
    ends.push(index);
    starts.push(index + lineBreak.length);
  }
  ends.push(text.length);
  return {
    rangeOf: ({ start, end }) => {
      const line = lineAt(starts, Math.min(Math.max(start, 0), text.length));
      const lineStart = starts[line] ?? 0;
      const lineEnd = ends[line] ?? text.length;
      const first = Math.min(start, lineEnd);
      const last = Math.max(first, Math.min(end, lineEnd));
      return { line: line + 1, column: first - lineStart + 1, endLine: line + 1, endColumn: last - lineStart + 1 };
    },
  };
}

/** The last line that starts at or before the offset, by halving. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? Infinity) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
