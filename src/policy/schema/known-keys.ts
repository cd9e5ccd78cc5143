import { globalRegistry, type z } from 'zod';
import { builtInSchema } from '../../github/trusted.ts';
import type { PolicyPath } from '../diagnostics.ts';
import { policySchema } from './policy.ts';

/** The keys that a policy may have at `path`; empty where no mapping is expected. */
export function knownKeys(path: PolicyPath): readonly string[] {
  let schemas: readonly z.core.$ZodTypes[] = unwrap(policySchema);
  for (const step of path) schemas = schemas.flatMap((schema) => stepInto(schema, step));
  return [
    ...new Set(schemas.flatMap((schema) => (schema._zod.def.type === 'object' ? Object.keys(shapeOf(schema)) : []))),
  ];
}

/** What is written at `path`, where that has a name: a duration, a moment. */
export function titleAt(path: PolicyPath): string | undefined {
  let schemas: readonly z.core.$ZodTypes[] = unwrap(policySchema);
  for (const step of path) schemas = schemas.flatMap((schema) => stepInto(schema, step));
  const titles = schemas.map((schema) => globalRegistry.get(schema)?.title);
  return titles.find((title) => title !== undefined);
}

/** Where in a policy a key of that name belongs, as people write it: `environments[].lifecycle`. */
export function homesOfKey(key: string): readonly string[] {
  const homes: string[] = [];
  const visit = (schema: z.core.$ZodTypes, path: string): void => {
    const { def } = schema._zod;
    if (def.type === 'array') for (const item of unwrap(def.element)) visit(item, `${path}[]`);
    if (def.type !== 'object') return;
    for (const [name, value] of Object.entries(shapeOf(schema))) {
      const home = path === '' ? name : `${path}.${name}`;
      if (name === key) homes.push(home);
      for (const inner of unwrap(value)) visit(inner, home);
    }
  };
  for (const schema of unwrap(policySchema)) visit(schema, '');
  return [...new Set(homes)];
}

function shapeOf(schema: z.core.$ZodTypes): Readonly<Record<string, z.core.$ZodType>> {
  const { def } = schema._zod;
  return def.type === 'object' ? def.shape : {};
}

function stepInto(schema: z.core.$ZodTypes, step: string | number): readonly z.core.$ZodTypes[] {
  const { def } = schema._zod;
  if (def.type === 'array') return unwrap(def.element);
  if (def.type === 'record') return unwrap(def.valueType);
  const next = shapeOf(schema)[String(step)];
  return next === undefined ? [] : unwrap(next);
}

/** What a schema reads, without defaults, transforms and the like around it; all the alternatives of a union. */
function unwrap(schema: z.core.$ZodType): readonly z.core.$ZodTypes[] {
  const known = builtInSchema(schema);
  const { def } = known._zod;
  if (def.type === 'pipe') return unwrap(def.in);
  if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault') return unwrap(def.innerType);
  if (def.type === 'union') return def.options.flatMap((option) => unwrap(option));
  return [known];
}
