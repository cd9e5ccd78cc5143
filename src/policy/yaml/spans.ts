import { EVENT_ID, type AliasEvent, type MappingEvent, type ScalarEvent, type SequenceEvent } from 'js-yaml';
import { scalarSpan } from './scalar.ts';
import type { Span, YamlNode } from './tree.ts';

interface Bounds {
  readonly start: number;
  /** Written with brackets. */
  readonly flow: boolean;
}

/** Events do not say where a list or a mapping ends: after the last of its values, and after the bracket. */
export function endOf(source: string, { start, flow }: Bounds, children: readonly YamlNode[]): number {
  const last = children.reduce((end, child) => Math.max(end, child.span.end), start + (flow ? 1 : 0));
  if (!flow) return last;
  const closing = /[\s,]*[\]}]/y;
  closing.lastIndex = last;
  return closing.test(source) ? closing.lastIndex : last;
}

interface Anchored {
  readonly anchorStart: number;
  readonly anchorEnd: number;
}

/** The name of an event's anchor, or null. */
export function anchorOf(source: string, event: Anchored): string | null {
  return event.anchorStart < 0 ? null : source.slice(event.anchorStart, event.anchorEnd);
}

/** Where an event's value begins; null for an empty one. */
export function startOf(source: string, event: ScalarEvent | AliasEvent | SequenceEvent | MappingEvent): number | null {
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  if (event.type === EVENT_ID.SCALAR) return scalarSpan(source, event)?.start ?? null;
  return event.start;
}

interface ScalarPlace {
  readonly source: string;
  readonly event: ScalarEvent;
  /** The list or mapping that the value is in. */
  readonly parent: (Bounds & { readonly key?: { readonly span: Span } | null }) | undefined;
}

/** An empty value stands where its key does; an empty item where its list does. */
export function spanOf({ source, event, parent }: ScalarPlace): Span {
  const own = scalarSpan(source, event);
  if (own !== null) return own;
  if (parent?.key !== null && parent?.key !== undefined) return parent.key.span;
  const start = parent?.start ?? 0;
  return { start, end: start };
}
