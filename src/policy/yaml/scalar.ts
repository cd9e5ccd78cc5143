import {
  boolCoreTag,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml';
import { YamlProblem } from './problem.ts';
import type { ScalarNode, Span } from './tree.ts';

/** YAML's core schema, in the order in which a plain scalar is tried: https://yaml.org/spec/1.2.2/#103-core-schema */
const CORE = [
  { tag: 'null', read: (source: string) => asScalar(nullCoreTag.resolve(source, false, '')) },
  { tag: 'bool', read: (source: string) => asScalar(boolCoreTag.resolve(source, false, '')) },
  { tag: 'int', read: (source: string) => asScalar(intCoreTag.resolve(source, false, '')) },
  { tag: 'float', read: (source: string) => asScalar(floatCoreTag.resolve(source, false, '')) },
] as const;

const NOT_THIS = Symbol('not this type');

function asScalar(value: unknown): ScalarNode['value'] | typeof NOT_THIS {
  if (value === NOT_RESOLVED) return NOT_THIS;
  return value === null || typeof value === 'boolean' || typeof value === 'number' ? value : NOT_THIS;
}

/**
 * A scalar's value by YAML's core schema.
 * @throws YamlProblem for a tag that the core schema does not have, or that the text does not fit.
 */
export function scalarValue(source: string, event: ScalarEvent): ScalarNode['value'] {
  const text = event.valueStart < 0 ? '' : getScalarValue(source, event);
  const tag = coreTag(source, event);
  if (tag === 'str') return text;
  if (tag === null && event.style !== SCALAR_STYLE.PLAIN) return text;
  for (const { tag: candidate, read } of CORE) {
    if (tag !== null && tag !== candidate) continue;
    const value = read(text);
    if (value !== NOT_THIS) return value;
  }
  if (tag === null) return text;
  throw new YamlProblem('yaml-tag', tagSpan(event), `Take the tag out, or write a value that fits it (${tag}).`);
}

interface Tagged {
  readonly tagStart: number;
  readonly tagEnd: number;
}

function tagSpan(event: Tagged): Span {
  return { start: event.tagStart, end: event.tagEnd };
}

/**
 * The name of an event's tag in the core schema (`str`, `map` and so on); null where it has none.
 * @throws YamlProblem for any other tag.
 */
export function coreTag(source: string, event: Tagged): string | null {
  if (event.tagStart < 0) return null;
  const written = source.slice(event.tagStart, event.tagEnd);
  // A lone `!` says: a text, a list or a mapping, by its form alone.
  if (written === '!') return 'str';
  const match = /^(?:!!|!<tag:yaml\.org,2002:)(str|null|bool|int|float|seq|map)>?$/.exec(written);
  if (match?.[1] !== undefined) return match[1];
  throw new YamlProblem('yaml-tag', tagSpan(event), `Take the tag ${written} out: a policy has no tags of its own.`);
}

/** The span of a scalar as written, with its quotes or its | or >; null for one that is empty. */
export function scalarSpan(source: string, event: ScalarEvent): Span | null {
  if (event.valueStart < 0) return null;
  if (event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK) {
    const indicator = source.lastIndexOf(event.style === SCALAR_STYLE.LITERAL_BLOCK ? '|' : '>', event.valueStart - 1);
    return { start: Math.max(indicator, 0), end: event.valueEnd };
  }
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  const border = quoted ? 1 : 0;
  return { start: event.valueStart - border, end: event.valueEnd + border };
}
