import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { createMetrics, exposeProcess } from '../../src/metrics.ts';
import { tablesIn } from './markdown.ts';

const security = readFileSync('SECURITY.md', 'utf8');

describe('what SECURITY.md promises', () => {
  const promises = tablesIn(security).flatMap(([promise = '', told = '']) => {
    const [, path, title] = /^`(test\/[^`]+\.test\.ts)`: (.+)$/.exec(told) ?? [];
    return path === undefined || title === undefined ? [] : [{ promise, path, title }];
  });

  test('is tested, each', () => {
    expect(promises.length).toBeGreaterThan(20);
    const [, table = ''] = security.split('how each is tested');
    const [rows = ''] = table.split('\n## ');
    expect(tablesIn(rows)).toHaveLength(promises.length);
  });

  test.each(promises.map(({ promise, path, title }) => [promise, path, title] as const))(
    '%s',
    (_promise, path, title) => {
      const written = readFileSync(path, 'utf8').replaceAll("\\'", "'");
      expect(written).toContain(title);
    },
  );
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string };
}

/** Every metric with its labels, and what Prometheus makes of histograms. */
function readMetrics(): ReadonlyMap<string, readonly string[]> {
  const metrics = createMetrics();
  exposeProcess(metrics, { depth: () => Promise.resolve({ waiting: 0, oldest: 0 }) });
  const all = metrics.registry.getMetricsAsArray() as unknown as readonly {
    readonly name: string;
    readonly labelNames: readonly string[];
  }[];
  return new Map(
    all.flatMap(({ name, labelNames }): readonly (readonly [string, readonly string[]])[] => [
      [name, labelNames],
      [`${name}_bucket`, [...labelNames, 'le']],
    ]),
  );
}

const metrics = readMetrics();
/** Prometheus' own. */
const SCRAPED = new Map([['up', ['job', 'instance']]]);
const labelsOf = (name: string): readonly string[] | undefined => metrics.get(name) ?? SCRAPED.get(name);

/** What a rule names and nobody has. */
function problemsIn(expr: string): readonly string[] {
  const selectors = [...expr.matchAll(/\b(up|[a-z]+_[a-z_]+)\b(?:\{([^}]*)\})?(?!\s*\()/g)];
  const named = selectors.filter(([, name = '']) => name === 'up' || name.startsWith('lockkeeper_'));
  const known = new Set(named.flatMap(([, name = '']) => labelsOf(name) ?? []));
  const grouped = [...expr.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/\s*,\s*/));
  return [
    ...(named.length === 0 ? ['no metric'] : []),
    ...named.flatMap(([, name = '', matchers = '']) => {
      const labels = labelsOf(name);
      if (labels === undefined) return [`there is no ${name}`];
      return [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)]
        .filter(([, label = '']) => !labels.includes(label))
        .map(([, label = '']) => `${name} has no ${label}`);
    }),
    ...grouped.filter((label) => !known.has(label)).map((label) => `nothing has ${label}`),
  ];
}

describe('the example of alert rules', () => {
  const { groups } = load(readFileSync('examples/prometheus/alerts.yml', 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);

  test.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s names metrics and labels that there are',
    (_name, rule) => {
      expect(problemsIn(rule.expr)).toEqual([]);
      expect(rule.annotations.summary).toMatch(/\.$|\?$/);
    },
  );

  test.each([
    ['sum(rate(lockkeeper_webhook_total[5m]))', 'there is no lockkeeper_webhook_total'],
    ['sum(rate(lockkeeper_webhooks_total{status="full"}[5m]))', 'lockkeeper_webhooks_total has no status'],
    ['min by (repository) (lockkeeper_queue_depth)', 'nothing has repository'],
    ['vector(1) > 0', 'no metric'],
  ])('a rule such as %s would be found', (expr, problem) => {
    expect(problemsIn(expr)).toContain(problem);
  });

  test('every metric of the app is on the page about operating it', () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    const own = [...metrics.keys()].filter((name) => name.startsWith('lockkeeper_') && !name.endsWith('_bucket'));
    expect(own.length).toBeGreaterThan(9);
    for (const name of own) {
      const labels = labelsOf(name) ?? [];
      expect(page).toContain(`\`${name}${labels.length === 0 ? '' : `{${labels.join(',')}}`}\``);
    }
  });
});
