/*
 * In the place of `@jest/globals`: tests are collected and not run, and nothing is expected of anything. A scenario is
 * only a history then.
 */

type Play = (...values: readonly unknown[]) => unknown;

export interface History {
  readonly name: string;
  readonly play: () => Promise<void>;
}

interface Hook {
  readonly within: string;
  readonly run: Play;
}

const found: History[] = [];
const before: Hook[] = [];
const after: Hook[] = [];
const path: string[] = [];

/** What has been collected so far. */
export const histories: readonly History[] = found;

function group(name: string, body: () => void): void {
  path.push(name);
  body();
  path.pop();
}

function collect(title: string, body: Play, values: readonly unknown[] = []): void {
  const name = [...path, title].join(' › ');
  found.push({
    name,
    async play() {
      const hooks = (all: readonly Hook[]) => all.filter(({ within }) => name.startsWith(within));
      try {
        for (const { run } of hooks(before)) await run();
        await body(...values);
      } finally {
        for (const { run } of hooks(after)) await run();
      }
    },
  });
}

/** Rows that are no lists are one value each. */
function each(add: (name: string, body: Play, values: readonly unknown[]) => void) {
  return (rows: readonly unknown[]) => (name: string, body: Play) => {
    for (const [i, row] of rows.entries()) add(`${name} (${i})`, body, Array.isArray(row) ? row : [row]);
  };
}

const hook = (hooks: Hook[]) => (run: Play) => {
  hooks.push({ within: path.join(' › '), run });
};

export const describe = Object.assign(group, {
  each: each((name, body, values) => {
    group(name, () => void body(...values));
  }),
});
export const test = Object.assign(collect, { each: each(collect) });
export const it = test;
export const beforeEach = hook(before);
export const beforeAll = beforeEach;
export const afterEach = hook(after);
export const afterAll = hook([]);

/** Whatever is asked of it gives itself; it is no promise. */
const anything: object = new Proxy(() => undefined, {
  get: (_target, name) => (name === 'then' || typeof name === 'symbol' ? undefined : anything),
  apply: () => anything,
});

export const expect = new Proxy(() => undefined, {
  get: () => anything,
  apply(_target, _self, [value]: [unknown]) {
    if (value instanceof Promise) value.catch(() => undefined);
    return anything;
  },
});
export const jest = anything;
