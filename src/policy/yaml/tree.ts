import type { PolicyPath } from '../diagnostics.ts';

/** Offsets into the text, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface NodeBase {
  readonly span: Span;
  /** How many nodes it is with all aliases unfolded, itself included. */
  readonly size: number;
  /** How many levels of lists and mappings it is, aliases unfolded. */
  readonly depth: number;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

export interface SequenceNode extends NodeBase {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
}

export interface Pair {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}

export interface MappingNode extends NodeBase {
  readonly kind: 'mapping';
  readonly pairs: ReadonlyMap<string, Pair>;
}

/** A YAML value that remembers where it stands. What an alias points at is the same node again. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode;

/** The plain value of a tree. Mappings have no prototype. An alias's value is the same object again: do not change it. */
export function plainValue(node: YamlNode, made = new Map<YamlNode, unknown>()): unknown {
  if (node.kind === 'scalar') return node.value;
  const known = made.get(node);
  if (known !== undefined) return known;
  if (node.kind === 'sequence') {
    const list = node.items.map((item) => plainValue(item, made));
    made.set(node, list);
    return list;
  }
  const mapping: Record<string, unknown> = { __proto__: null };
  for (const { key, value } of node.pairs.values()) mapping[key] = plainValue(value, made);
  made.set(node, mapping);
  return mapping;
}

/** A node and, below a mapping, the pair that it is the value of. */
export interface Located {
  readonly node: YamlNode;
  readonly pair: Pair | null;
}

/** What stands at `path`, or null where nothing does. */
export function nodeAt(root: YamlNode, path: PolicyPath): Located | null {
  let found: Located = { node: root, pair: null };
  for (const step of path) {
    const { node } = found;
    if (node.kind === 'sequence' && typeof step === 'number') {
      const item = node.items[step];
      if (item === undefined) return null;
      found = { node: item, pair: null };
    } else if (node.kind === 'mapping') {
      const pair = node.pairs.get(String(step));
      if (pair === undefined) return null;
      found = { node: pair.value, pair };
    } else return null;
  }
  return found;
}
