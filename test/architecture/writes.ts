import type { Source } from './source.ts';

const MAY_WRITE = /^src\/(?:github\/|changes\/apply)/;
/** Who may hold the reader: what observes or loads, what makes sure before it writes, and what passes it on to those. */
const MAY_READ =
  /^src\/(?:github\/|jobs\/|changes\/(?:apply|read)|(?:[\w-]+\/)*(?:observe|load)|(?:app|server|lambda|cli|commands|wiring)\b)/;
/** Somebody else's `send`: an HTTP reply's and a queue's. */
const OTHER_SENDERS = /^(?:fastify|@aws-sdk\/)/;

/** GitHub is written to in changes/apply and nowhere else. */
export function findWrites(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => !MAY_WRITE.test(path))
    .flatMap((source) => [
      ...namesTypes(source, ['GitHubWriter']),
      ...source.members
        .filter(({ text }) => text === 'mutate' || (text === 'send' && !sendsElsewhere(source)))
        .map(({ text, line }) => `${source.path}:${line} writes: ${text}`),
      ...(source.path.startsWith('src/changes/') ? [] : namesWrites(source)),
    ]);
}

/** GitHub is read in observe, load and github, and by nobody else. */
export function findReads(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => !MAY_READ.test(path))
    .flatMap((source) => namesTypes(source, ['GitHubReader', 'GitHub']));
}

function namesTypes({ path, imports }: Source, types: readonly string[]): readonly string[] {
  return imports
    .filter(({ target }) => target === 'src/github/port.ts')
    .flatMap(({ names, line }) =>
      names.filter((name) => types.includes(name)).map((name) => `${path}:${line} knows ${name}`),
    );
}

/** A file that cannot hold a writer, and has something else that sends. */
function sendsElsewhere({ imports }: Source): boolean {
  return (
    imports.some(({ target }) => OTHER_SENDERS.test(target)) &&
    !imports.some(({ target }) => target === 'src/github/port.ts')
  );
}

/** Mutations and the routes that change something. */
function namesWrites({ path, strings }: Source): readonly string[] {
  return strings
    .filter(({ text }) => /^.\s*(?:mutation\b|(?:POST|PUT|PATCH|DELETE) \/)/.test(text))
    .map(({ text, line }) => `${path}:${line} names a write: ${text}`);
}
