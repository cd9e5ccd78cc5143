import { availableParallelism } from 'node:os';
import { isMet, type Row } from './row.ts';
import { format } from './table.ts';

/** The rows of one file of benchmarks. */
export interface Section {
  readonly name: string;
  readonly rows: readonly Row[];
}

const HEAD = `# Performance

Written by \`npm run bench\`; do not edit it. Every figure is a count, or a ratio to a baseline that was measured beside
it: the median of alternating pairs. All are of one run. Of variants (a cold and a warm process, say) the worst is shown.
[bench/README.md](../bench/README.md) says how each is measured, and \`bench/results.json\` has the variants.
`;

/** What the figures were measured on. */
export function describeMachine(): string {
  const cores = availableParallelism();
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cores} ${cores === 1 ? 'core' : 'cores'}`;
}

/** docs/performance.md. A bar that is missed is shown as missed. */
export async function renderPage(sections: readonly Section[], machine: string): Promise<string> {
  const all = sections.flatMap(({ rows }) => rows);
  const held = all.filter(({ bar }) => bar !== null);
  const missed = held.filter((row) => !isMet(row));
  const text = [
    HEAD,
    `${machine}. ${held.length - missed.length} of ${held.length} bars are met.`,
    ...sections.map(renderSection),
  ].join('\n\n');
  const prettier = await import('prettier');
  return prettier.format(text, { ...(await prettier.resolveConfig('docs/performance.md')), parser: 'markdown' });
}

function renderSection({ name, rows }: Section): string {
  const lines = rows.map((row) => [
    row.figure,
    row.bar === null ? '' : `${row.bar.kind} ${format(row.bar.value)}`,
    `${format(row.measured)} ${row.unit}`,
    row.baseline === null ? '' : format(row.baseline),
    row.bar === null ? '' : isMet(row) ? 'met' : '**missed**',
  ]);
  const table = [['figure', 'bar', 'measured', 'baseline', ''], ['---', '---', '---', '---', '---'], ...lines];
  return `## ${name}\n\n${table.map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`).join('\n')}`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
