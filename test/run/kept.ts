type Keep = (name: string, make: () => unknown) => unknown;

/**
 * What is made once for all test files of a process, because it takes longer than most tests and nothing changes it; see
 * environment.mjs. Elsewhere, in the demo, say, it is simply made.
 */
export function kept<T>(name: string, make: () => T): T {
  const keep = Reflect.get(globalThis, Symbol.for('lockkeeper.keep')) as Keep | undefined;
  return keep === undefined ? make() : (keep(name, make) as T);
}
