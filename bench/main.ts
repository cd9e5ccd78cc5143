import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { functionImport } from './function-import.ts';
import { describeMachine, renderPage, type Section } from './page.ts';
import { policy } from './policy.ts';
import { fleet } from './fleet.ts';
import { deliveries } from './deliveries.ts';
import { accepting } from './accepting.ts';
import { memory } from './memory.ts';
import { requests } from './requests.ts';
import { isMet, type Benchmark } from './row.ts';
import { startUp } from './start-up.ts';
import { sweep } from './sweep.ts';
import { renderTable } from './table.ts';

/** Every file of benchmarks, in the order of the page. */
const benchmarks: readonly Benchmark[] = [
  accepting,
  deliveries,
  fleet,
  memory,
  requests,
  sweep,
  policy,
  startUp,
  functionImport,
];

const PAGE = 'docs/performance.md';

/** The benchmarks that `--only NAME`, or a bare `NAME`, asks for; null for all of them. */
function readAsked(): readonly string[] | null {
  const { values, positionals } = parseArgs({
    options: { only: { type: 'string', multiple: true } },
    allowPositionals: true,
  });
  const names = [...(values.only ?? []), ...positionals];
  const known = benchmarks.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No such benchmark: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return names.length === 0 ? null : names;
}

const asked = readAsked();
const sections: Section[] = [];
for (const benchmark of benchmarks) {
  if (asked?.includes(benchmark.name) === false) continue;
  const rows = await benchmark.run();
  console.log(`${benchmark.name}\n\n${renderTable(rows)}\n`);
  sections.push({ name: benchmark.name, rows });
}
const rows = sections.flatMap((section) => section.rows);
await mkdir('bench', { recursive: true });
await writeFile('bench/results.json', `${JSON.stringify({ version: 1, rows }, null, 2)}\n`);
// The page is of one run, and of all of it.
if (asked === null) await writeFile(PAGE, await renderPage(sections, describeMachine()));
const missed = rows.filter((row) => !isMet(row));
if (missed.length > 0) {
  console.log(`${missed.length} of ${rows.length} bars MISSED`);
  process.exitCode = 1;
}
