import { isMet, type Row } from './row.ts';

/** Rows as text: a line each, and under it what missed the bar. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.figure,
    row.unit,
    row.bar === null ? '' : `${row.bar.kind} ${format(row.bar.value)}`,
    format(row.measured),
    row.baseline === null ? '' : format(row.baseline),
    row.bar === null ? '' : isMet(row) ? 'met' : 'MISSED',
  ]);
  const table = [['figure', 'unit', 'bar', 'worst', 'the naive way', ''], ...cells];
  const widths = table.reduce<readonly number[]>(
    (most, line) => line.map((cell, i) => Math.max(cell.length, most[i] ?? 0)),
    [],
  );
  const lines = table.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  return [head, '-'.repeat(head.length), ...body.flatMap((line, i) => [line, ...missedVariants(rows[i])])].join('\n');
}

function missedVariants(row: Row | undefined): readonly string[] {
  if (row === undefined) return [];
  const missed = row.variants.filter(({ measured }) => !isMet({ bar: row.bar, measured }));
  return missed.map(({ name, measured, notes }) => `    ${name}: ${format(measured)} (${notes.join('; ')})`);
}

export function format(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 2 });
}
