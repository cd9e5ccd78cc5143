import type { Source } from './source.ts';

const MAY_CAST = 'src/github/trusted.ts';
/** Probot loads an application by its default export. */
const MAY_EXPORT_DEFAULT = 'src/app.ts';
const MOST_LINES = 300;
const FILE_NAME = /\/[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/;
const VAGUE = /\/(?:utils?|helpers?|manager|common|misc)\b/;

/** Every cast that the compiler cannot vouch for lives in one file. */
export function findCasts(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => path !== MAY_CAST)
    .flatMap(({ path, casts }) => casts.map(({ text, line }) => `${path}:${line} casts: ${text}`));
}

export function findLongFiles(sources: readonly Source[]): readonly string[] {
  return sources.filter(({ lines }) => lines > MOST_LINES).map(({ path, lines }) => `${path} has ${lines} lines`);
}

export function findBadNames(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => !FILE_NAME.test(path) || VAGUE.test(path))
    .map(({ path }) => `${path} is not a name in kebab-case that says what is in it`);
}

export function findDefaultExports(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => path !== MAY_EXPORT_DEFAULT)
    .flatMap(({ path, defaultExports }) => defaultExports.map(({ line }) => `${path}:${line} exports a default`));
}
