import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { isReadEvent, readers } from '../../src/webhooks/readers.ts';

interface Example {
  readonly name: string;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

/** GitHub's own examples, as Octokit collects them. */
const events = createRequire(import.meta.url)(
  '@octokit/webhooks-examples/api.github.com/index.json',
) as readonly Example[];

/** Octokit's examples were collected from an ordinary webhook too: those name no installation. */
const installation = { id: 5 };

describe("GitHub's examples", () => {
  const examples = events
    .filter(({ name }) => isReadEvent(name))
    .flatMap(({ name, examples: list }) => list.map((example, index) => ({ name, index, example })));

  test.each(examples)('$name, example $index, has the shape that is read', ({ name, example }) => {
    if (!isReadEvent(name)) throw new Error(name);
    const outcome = readers[name]({ installation, ...example }, { appId: 99, apiUrl: 'https://api.github.com' });
    expect(outcome.kind === 'ignored' ? outcome.reason : '').not.toMatch(/not as GitHub documents/);
  });
});
