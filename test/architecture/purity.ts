import type { Import, Source } from './source.ts';

/** Files that only compute: what they know comes in as a value, time too. */
const PURE = [
  /\/decide(?:-[\w-]+)?\.ts$/,
  /^src\/gates\/rules\//,
  /^src\/policy\/(?:calendar|match|merge|parse)(?:[/-][\w/-]+)?\.ts$/,
  /^src\/changes\/change\.ts$/,
];

/** Packages that compute, and read neither the clock nor the machine unless they are asked to. */
const PURE_PACKAGES = /^(?:js-yaml|leven|zod|temporal-polyfill|@js-temporal\/polyfill)(?:\/|$)/;

export function isPure(path: string): boolean {
  return PURE.some((pattern) => pattern.test(path));
}

/** Each impurity that a pure file has or reaches by way of what it imports at run time. */
export function findImpurities(sources: readonly Source[]): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return sources
    .filter(({ path }) => isPure(path))
    .flatMap((source) =>
      reach(source, byPath).flatMap((reached) => {
        const by = reached === source ? '' : ` (${source.path} imports it)`;
        return [
          ...reached.impurities.map(({ text, line }) => `${reached.path}:${line} is not pure: ${text}${by}`),
          ...reached.imports
            .filter((one) => isForeign(one) && !one.typeOnly && !PURE_PACKAGES.test(one.target))
            .map(({ target, line }) => `${reached.path}:${line} is not pure: imports ${target}${by}`),
        ];
      }),
    );
}

/** Types of Octokit and the like: a decision that knows them depends on how GitHub is asked. */
export function findForeignTypes(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => isPure(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter((one) => isForeign(one) && one.typeOnly && !PURE_PACKAGES.test(one.target))
        .map(({ target, line }) => `${path}:${line} knows the types of ${target}`),
    );
}

function isForeign({ target }: Import): boolean {
  return !target.startsWith('src/');
}

function reach(from: Source, byPath: ReadonlyMap<string, Source>): readonly Source[] {
  const reached = new Set([from]);
  for (const source of reached) {
    for (const { target, typeOnly } of source.imports) {
      const next = byPath.get(target);
      if (next !== undefined && !typeOnly) reached.add(next);
    }
  }
  return [...reached];
}
