import type { Args } from './context.ts';
import { problem } from './problem.ts';

/** What places an item in its list; compared part by part. */
export type Key = readonly (string | number)[];

export interface Connection<T> {
  readonly kind: 'Connection';
  readonly totalCount: number;
  readonly nodes: readonly T[];
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
  };
}

function compareKeys(a: Key, b: Key): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? 0;
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return 0;
}

function encodeCursor(key: Key): string {
  return Buffer.from(`cursor:v2:${JSON.stringify(key)}`).toString('base64');
}

function decodeCursor(cursor: unknown): Key | null {
  if (typeof cursor !== 'string' || cursor === '') return null;
  try {
    const text = Buffer.from(cursor, 'base64').toString();
    const key: unknown = JSON.parse(text.slice('cursor:v2:'.length));
    if (text.startsWith('cursor:v2:') && Array.isArray(key)) return key as Key;
  } catch {
    // Falls through to what GitHub answers to a cursor that is not one of its own.
  }
  throw problem('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`);
}

/**
 * One page of a list. A cursor is the place of an item, not its index: what is added or deleted before it between two
 * pages shifts nothing.
 */
export function connect<T>(
  items: readonly T[],
  args: Args,
  options: { readonly keyOf: (item: T) => Key; readonly descending?: boolean },
): Connection<T> {
  const { keyOf, descending = false } = options;
  const sign = descending ? -1 : 1;
  const after = decodeCursor(args['after']);
  const before = decodeCursor(args['before']);
  const from = after === null ? 0 : firstIndex(items, (item) => sign * compareKeys(keyOf(item), after) > 0);
  const to = before === null ? items.length : firstIndex(items, (item) => sign * compareKeys(keyOf(item), before) >= 0);
  let [start, end] = [from, Math.max(from, to)];
  if (typeof args['first'] === 'number') end = Math.min(end, start + args['first']);
  else if (typeof args['last'] === 'number') start = Math.max(start, end - args['last']);
  const nodes = items.slice(start, end);
  const cursorOf = (item: T | undefined) => (item === undefined ? null : encodeCursor(keyOf(item)));
  return {
    kind: 'Connection',
    totalCount: items.length,
    nodes,
    get edges() {
      return nodes.map((node) => ({ cursor: encodeCursor(keyOf(node)), node }));
    },
    pageInfo: {
      startCursor: cursorOf(nodes[0]),
      endCursor: cursorOf(nodes.at(-1)),
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
    },
  };
}

/** The first index from which on a condition holds, of a list that is sorted by it. */
function firstIndex<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && !holds(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A page of a list in which the order of things is all that places them. */
export function connectInOrder<T>(items: readonly T[], args: Args): Connection<T> {
  const wrapped = items.map((item, index) => ({ item, index }));
  const { nodes, edges, ...page } = connect(wrapped, args, { keyOf: ({ index }) => [index] });
  return {
    ...page,
    nodes: nodes.map(({ item }) => item),
    edges: edges.map(({ cursor, node }) => ({ cursor, node: node.item })),
  };
}
