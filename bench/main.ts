import { mkdir, writeFile } from 'node:fs/promises';
import { policy } from './policy.ts';
import { requests } from './requests.ts';
import { isMet, type Benchmark, type Row } from './row.ts';
import { startUp } from './start-up.ts';
import { renderTable } from './table.ts';

/** Every file of benchmarks. Arguments name those to run; without any, all are. */
const benchmarks: readonly Benchmark[] = [requests, policy, startUp];

const asked = process.argv.slice(2);
const rows: Row[] = [];
for (const benchmark of benchmarks) {
  if (asked.length > 0 && !asked.includes(benchmark.name)) continue;
  const measured = await benchmark.run();
  console.log(`${benchmark.name}\n\n${renderTable(measured)}\n`);
  rows.push(...measured);
}
await mkdir('bench', { recursive: true });
await writeFile('bench/results.json', `${JSON.stringify({ version: 1, rows }, null, 2)}\n`);
const missed = rows.filter((row) => !isMet(row));
if (missed.length > 0) {
  console.log(`${missed.length} of ${rows.length} bars MISSED`);
  process.exitCode = 1;
}
