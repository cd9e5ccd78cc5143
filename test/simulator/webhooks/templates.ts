import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { kept } from '../../run/kept.ts';

type Payload = Readonly<Record<string, unknown>>;

interface Definition {
  readonly name: string;
  readonly examples: readonly Payload[];
}

let definitions: Map<string, readonly Payload[]> | undefined;

/** GitHub's examples of an event, read once a process. */
function examplesOf(event: string): readonly Payload[] {
  definitions ??= kept('examples of webhooks', readExamples);
  return definitions.get(event) ?? [];
}

function readExamples(): Map<string, readonly Payload[]> {
  const all = JSON.parse(readFileSync(examplesPath(), 'utf8')) as readonly Definition[];
  return new Map(all.map(({ name, examples }) => [name, examples]));
}

function examplesPath(): string {
  return createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
}

const chosen = new Map<string, Payload>();

/** An example of the event, of that action where there is one; empty where there is none at all. */
function template(event: string, action: string | undefined): Payload {
  const key = `${event}.${action ?? ''}`;
  const known = chosen.get(key);
  if (known !== undefined) return known;
  const examples = examplesOf(event);
  const found = examples.find((example) => example['action'] === action) ?? examples[0] ?? {};
  chosen.set(key, found);
  return found;
}

const isObject = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Our values over an example's: what GitHub sends and we do not think of is there too, one level down. Things of the
 * example that ours lacks altogether (a workflow run, say) are left out, because they would speak of somebody else's.
 */
export function overTemplate(event: string, ours: Payload): Payload {
  const action = typeof ours['action'] === 'string' ? ours['action'] : undefined;
  const example = template(event, action);
  return Object.fromEntries(
    Object.entries(ours).map(([key, value]) => {
      const theirs = example[key];
      return [key, isObject(value) && isObject(theirs) ? { ...theirs, ...value } : value];
    }),
  );
}
