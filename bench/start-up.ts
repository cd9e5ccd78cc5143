import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, timeProcess } from './pairs.ts';
import type { Benchmark, Variant } from './row.ts';

/** Pairs of processes, one after the other: what else the machine does hits both of a pair. */
const PAIRS = 31;

const FILES: Readonly<Record<string, string>> = {
  'a small file': 'version: 1\nenvironments:\n  - name: review/*\n    lifecycle: { inactivate_after: 14d }\n',
  'a small file with an error': 'version: 1\nenvironments:\n  - name: review/*\n    lifcycle: {}\n',
};

/** How long `lockkeeper validate` takes, as people and editors call it: a process each time. */
export const startUp: Benchmark = {
  name: 'start-up',
  run() {
    const folder = mkdtempSync(join(tmpdir(), 'start-up-'));
    try {
      const variants = Object.entries(FILES).map(([name, text]) => {
        const path = join(folder, 'deployments.yml');
        writeFileSync(path, text);
        return measure(name, path);
      });
      return Promise.resolve([
        {
          figure: '`lockkeeper validate` against an empty process of Node, median of alternating pairs',
          unit: 'times as long',
          bar: { kind: 'at most', value: 2.5 },
          measured: Math.max(...variants.map(({ measured }) => measured)),
          baseline: null,
          variants,
        },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

function measure(name: string, path: string): Variant {
  const validate = [join('dist', 'cli.js'), 'validate', path];
  // The first of each finds nothing in the caches of the disk.
  timeProcess(['-e', '0']);
  timeProcess(validate);
  const pairs = Array.from({ length: PAIRS }, () => ({
    node: timeProcess(['-e', '0']),
    validate: timeProcess(validate),
  }));
  const milliseconds = (times: readonly number[]): string => `${median(times).toFixed(0)} ms`;
  return {
    name,
    measured: median(pairs.map((pair) => pair.validate / pair.node)),
    notes: [
      `validate ${milliseconds(pairs.map((pair) => pair.validate))}`,
      `node ${milliseconds(pairs.map(({ node }) => node))}`,
    ],
  };
}
