import type { Addresses } from '../route.ts';

/**
 * Makes something once for each thing and form of addresses: what never changes is written into thousands of answers.
 * Nobody may change what comes out.
 */
export function rememberShape<Thing extends object, Shape>(
  make: (thing: Thing, at: Addresses) => Shape,
): (thing: Thing, at: Addresses) => Shape {
  const made = new WeakMap<Addresses, WeakMap<Thing, Shape>>();
  return (thing, at) => {
    const here = made.get(at) ?? new WeakMap<Thing, Shape>();
    made.set(at, here);
    const known = here.get(thing);
    if (known !== undefined) return known;
    const shape = make(thing, at);
    here.set(thing, shape);
    return shape;
  };
}
