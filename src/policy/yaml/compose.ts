import {
  COLLECTION_STYLE,
  EVENT_ID,
  type AliasEvent,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { YamlProblem } from './problem.ts';
import { coreTag, scalarSpan, scalarValue } from './scalar.ts';
import { anchorOf, endOf, spanOf, startOf } from './spans.ts';
import type { Pair, Span, YamlNode } from './tree.ts';

/** No policy needs more levels, and what walks a tree may recurse as deep. */
export const DEEPEST = 64;
/** Some ten times what the largest policy needs. Counted with all aliases unfolded. */
const MOST_NODES = 50_000;

interface OpenSequence {
  readonly kind: 'sequence';
  readonly start: number;
  readonly flow: boolean;
  readonly anchor: string | null;
  readonly items: YamlNode[];
}
interface OpenMapping {
  readonly kind: 'mapping';
  readonly start: number;
  readonly flow: boolean;
  readonly anchor: string | null;
  readonly pairs: Map<string, Pair>;
  key: { readonly text: string; readonly span: Span } | null;
}
type Open = OpenSequence | OpenMapping;

/**
 * The tree of the one document of a text; null where there is none, or an empty one. Walks the events once and does not
 * recurse.
 * @throws YamlProblem for the first thing that a policy cannot have.
 */
export function composeTree(source: string, events: readonly Event[]): YamlNode | null {
  const anchors = new Map<string, YamlNode>();
  const open: Open[] = [];
  let root: YamlNode | null = null;
  let documents = 0;

  const place = (node: YamlNode): void => {
    const parent = open.at(-1);
    if (parent === undefined) root = node;
    else if (parent.kind === 'sequence') parent.items.push(node);
    else if (parent.key !== null) {
      parent.pairs.set(parent.key.text, { key: parent.key.text, keySpan: parent.key.span, value: node });
      parent.key = null;
    }
  };
  const expectsKey = (): OpenMapping | null => {
    const parent = open.at(-1);
    return parent?.kind === 'mapping' && parent.key === null ? parent : null;
  };

  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) {
      documents += 1;
      // The first document is the policy; where the second one begins is found at its first value.
      if (documents === 1) checkDirectives(event.directives);
    } else if (event.type === EVENT_ID.POP) {
      const closed = open.pop();
      if (closed === undefined) continue;
      const node = closeNode(source, closed);
      if (closed.anchor !== null) anchors.set(closed.anchor, node);
      place(node);
    } else {
      const start = startOf(source, event) ?? source.length;
      if (documents > 1) {
        throw new YamlProblem(
          'yaml-multiple-documents',
          { start, end: start },
          'Take out the line --- and what follows it.',
        );
      }
      const mapping = expectsKey();
      if (mapping !== null) {
        mapping.key = readKey({ source, event, mapping });
        continue;
      }
      if (event.type === EVENT_ID.ALIAS) place(resolveAlias({ source, event, anchors, open }));
      else if (event.type === EVENT_ID.SCALAR) {
        const node: YamlNode = {
          kind: 'scalar',
          value: scalarValue(source, event),
          span: spanOf({ source, event, parent: open.at(-1) }),
          size: 1,
          depth: 0,
        };
        const anchor = anchorOf(source, event);
        if (anchor !== null) anchors.set(anchor, node);
        place(node);
      } else open.push(openNode(source, event));
    }
  }
  return root;
}

function checkDirectives(directives: readonly { readonly kind: string }[]): void {
  if (directives.every(({ kind }) => kind !== 'tag')) return;
  throw new YamlProblem('yaml-tag', { start: 0, end: 0 }, 'Take the %TAG line out: a policy has no tags of its own.');
}

function openNode(source: string, event: SequenceEvent | MappingEvent): Open {
  const tag = coreTag(source, event);
  const kind = event.type === EVENT_ID.SEQUENCE ? 'sequence' : 'mapping';
  if (tag !== null && tag !== 'str' && tag !== (kind === 'sequence' ? 'seq' : 'map')) {
    throw new YamlProblem(
      'yaml-tag',
      { start: event.tagStart, end: event.tagEnd },
      'Take the tag out: it does not fit.',
    );
  }
  const anchor = anchorOf(source, event);
  const { start } = event;
  const flow = event.style === COLLECTION_STYLE.FLOW;
  return kind === 'sequence'
    ? { kind, start, flow, anchor, items: [] }
    : { kind, start, flow, anchor, pairs: new Map(), key: null };
}

function closeNode(source: string, open: Open): YamlNode {
  const children = open.kind === 'sequence' ? open.items : [...open.pairs.values()].map(({ value }) => value);
  const size = children.reduce((sum, child) => sum + child.size, 1);
  const depth = children.reduce((deepest, child) => Math.max(deepest, child.depth), 0) + 1;
  const span = { start: open.start, end: endOf(source, open, children) };
  if (depth > DEEPEST) {
    throw new YamlProblem('yaml-too-deep', span, `Nest lists and mappings at most ${DEEPEST} levels deep.`);
  }
  if (size > MOST_NODES) {
    throw new YamlProblem(
      'yaml-too-large',
      span,
      'Take something out: with its aliases unfolded, the file holds far too many values.',
    );
  }
  return open.kind === 'sequence'
    ? { kind: 'sequence', items: open.items, span, size, depth }
    : { kind: 'mapping', pairs: open.pairs, span, size, depth };
}

interface KeyPlace {
  readonly source: string;
  readonly event: ScalarEvent | AliasEvent | SequenceEvent | MappingEvent;
  readonly mapping: OpenMapping;
}

/** Reads a key. Keys that are no plain texts (lists, aliases) stop the reading; numbers and such count as texts. */
function readKey({ source, event, mapping }: KeyPlace): { readonly text: string; readonly span: Span } {
  const start = startOf(source, event) ?? mapping.start;
  if (event.type !== EVENT_ID.SCALAR) {
    throw new YamlProblem(
      'yaml-key',
      { start, end: start },
      'Write a plain text as the key, and quote it where it begins with * or [ or {.',
    );
  }
  const value = scalarValue(source, event);
  const text = String(value ?? '');
  const span = scalarSpan(source, event) ?? { start, end: start };
  if (text === '<<') {
    throw new YamlProblem('yaml-key', span, 'Write the keys out: merge keys (<<) are not part of YAML 1.2.');
  }
  if (mapping.pairs.has(text)) {
    throw new YamlProblem(
      'yaml-duplicate-key',
      span,
      `Take one of the two out: the key ${JSON.stringify(text)} is already there.`,
    );
  }
  return { text, span };
}

interface AliasPlace {
  readonly source: string;
  readonly event: AliasEvent;
  readonly anchors: ReadonlyMap<string, YamlNode>;
  readonly open: readonly Open[];
}

function resolveAlias({ source, event, anchors, open }: AliasPlace): YamlNode {
  const name = source.slice(event.anchorStart, event.anchorEnd);
  const span = { start: event.anchorStart - 1, end: event.anchorEnd };
  if (open.some(({ anchor }) => anchor === name)) {
    throw new YamlProblem('yaml-alias', span, `Write the value out: *${name} would contain itself.`);
  }
  const node = anchors.get(name);
  if (node !== undefined) return node;
  throw new YamlProblem(
    'yaml-alias',
    span,
    `Quote it ("*${name}") where a pattern is meant: YAML reads *${name} as an alias, and there is no &${name} above.`,
  );
}
