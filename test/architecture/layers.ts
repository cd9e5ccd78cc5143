import type { Import, Source } from './source.ts';

/** Arrows run down this list, never up it. What shares a line may not import one another, unless a pair is given. */
const LAYERS: readonly (readonly string[])[] = [
  // Doors. `lockkeeper serve` is the server.
  ['cli'],
  ['commands'],
  ['server', 'lambda'],
  // What every door puts together, and by which settings.
  ['fleet'],
  ['app', 'wiring'],
  ['settings'],
  // A delivery becomes a job.
  ['webhooks'],
  ['jobs'],
  // Features.
  ['lifecycle', 'protection', 'gates', 'deploy-keys'],
  ['changes', 'reports'],
  ['policy'],
  ['github'],
  ['logging', 'metrics', 'redis'],
];

const BESIDE = new Set([
  'wiring → app',
  // A connection and a log are set up as the environment says; nothing else down there knows it.
  'github → settings',
  'logging → settings',
  // A change is told in words, and words tell of changes.
  'changes → reports',
  'reports → changes',
]);

/** Imports that run against the arrows. */
export function findWrongArrows(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.flatMap((one) => explain(path, one).map((problem) => `${path}:${one.line} ${problem}`)),
  );
}

function explain(path: string, { target }: Import): readonly string[] {
  if (/^(?:test|demo|bench)\//.test(target)) return [`imports ${target}: the app does not know what tries it out`];
  if (!target.startsWith('src/')) return [];
  const [from, to] = [unitOf(path), unitOf(target)];
  const [above, below] = [layerOf(from), layerOf(to)];
  const unknown = [...(above === -1 ? [from] : []), ...(below === -1 ? [to] : [])];
  if (unknown.length > 0) return unknown.map((unit) => `${unit} has no place in test/architecture/layers.ts`);
  if (from === to || above < below || BESIDE.has(`${from} → ${to}`)) return [];
  return [`imports ${target}: arrows do not run from ${from} to ${to}`];
}

/** The folder below src, or the file's name: `src/server.ts` and `src/server/` are one unit. */
function unitOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '');
}

function layerOf(unit: string): number {
  return LAYERS.findIndex((layer) => layer.includes(unit));
}

/** Files that import one another in a ring, at run time. */
export function findCycles(sources: readonly Source[]): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const cycles: string[] = [];

  function visit(path: string, above: readonly string[]): void {
    if (above.includes(path)) cycles.push([...above.slice(above.indexOf(path)), path].join(' → '));
    if (above.includes(path) || done.has(path)) return;
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) if (!typeOnly) visit(target, [...above, path]);
    done.add(path);
  }

  for (const { path } of sources) visit(path, []);
  return cycles;
}
