import { dump } from 'js-yaml';
import type { Diagnostic, PolicyPath } from '../../policy/diagnostics.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { visibleText } from '../../reports/escape.ts';
import type { WrittenPolicy } from './describe-environment.ts';

/** The policy as text, and one sentence for each thing that a policy cannot say. */
export interface WrittenFile {
  readonly text: string;
  readonly notes: readonly string[];
}

/** Each takes something out; nobody has so much that cannot be said. */
const MOST_ROUNDS = 500;

/**
 * Writes a policy so that it parses: what the language has no way to say (a branch pattern with braces, an environment
 * with a star in its name) is taken out and told.
 */
export function writePolicy(policy: WrittenPolicy, heading: readonly string[]): WrittenFile {
  const notes: string[] = [];
  // What is taken out is a copy's.
  const value: unknown = JSON.parse(JSON.stringify(policy));
  for (let round = 0; ; round += 1) {
    const text = [...heading.map((line) => `# ${line}\n`), dump(value, { noRefs: true, lineWidth: -1 })].join('');
    const errors = parsePolicy(text).diagnostics.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    if (first === undefined || round === MOST_ROUNDS) return { text, notes };
    const path = removable(first.path);
    notes.push(noteOf(value, path, first));
    take(value, path);
  }
}

/** A whole key of an entry's protection, a whole entry, or a whole key of the policy: nothing by halves. */
function removable(path: PolicyPath): PolicyPath {
  if (path[0] === 'environments' && path[2] === 'protection' && path.length > 3) return path.slice(0, 4);
  if (path[0] === 'deploy_keys' && path[1] === 'allow') return path.slice(0, 3);
  return path.slice(0, 2);
}

function noteOf(policy: unknown, path: PolicyPath, { message }: Diagnostic): string {
  const item = path.length > 1 ? at(policy, path.slice(0, path[0] === 'environments' ? 2 : 3)) : undefined;
  const named = [property(item, 'name'), property(item, 'title')].find((name) => typeof name === 'string');
  const name = named ?? path.join('.');
  const key = path[2] === 'protection' ? ` ${String(path[3])} of` : '';
  return `A policy cannot say${key} ${visibleText(name)}; it is left out. (${visibleText(message, 300)})`;
}

function take(policy: unknown, path: PolicyPath): void {
  const last = path.at(-1);
  const parent = at(policy, path.slice(0, -1));
  if (Array.isArray(parent) && typeof last === 'number') parent.splice(last, 1);
  else if (typeof parent === 'object' && parent !== null && last !== undefined) Reflect.deleteProperty(parent, last);
}

function at(value: unknown, path: PolicyPath): unknown {
  return path.reduce((inner: unknown, step) => property(inner, step), value);
}

function property(value: unknown, name: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
