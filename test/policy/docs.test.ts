import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { DIAGNOSTIC_CODES } from '../../src/policy/diagnostic-codes.ts';
import { buildJsonSchema, type JsonSchema } from '../../src/policy/docs/json-schema.ts';
import { renderReference } from '../../src/policy/docs/reference.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

async function formatted(path: string, text: string): Promise<string> {
  const { pathname } = new URL(path, ROOT);
  return format(text, { ...(await resolveConfig(pathname)), filepath: pathname });
}

test('the reference is what `npm run generate` makes of the schema', async () => {
  expect(read('docs/policy-reference.md')).toBe(await formatted('docs/policy-reference.md', renderReference()));
});

test('the JSON Schema is what `npm run generate` makes of the schema', () => {
  expect(JSON.parse(read('schema/deployments.schema.json'))).toEqual(buildJsonSchema());
});

test('every diagnostic code is in the reference, and the reference has no others', () => {
  const listed = read('docs/policy-reference.md').split('## Diagnostics')[1] ?? '';
  const codes = [...listed.matchAll(/^- `([a-z-]+)` \(/gm)].map(([, code]) => code);
  expect(codes).toEqual(Object.keys(DIAGNOSTIC_CODES));
});

function undescribed(schema: JsonSchema, path: string): string[] {
  const children = [
    ...Object.entries(schema.properties ?? {}).map(([key, value]) => ({ path: `${path}.${key}`, value, isKey: true })),
    ...[schema.items, schema.additionalProperties, ...(schema.anyOf ?? [])]
      .flat()
      .map((value) => ({ path, value, isKey: false })),
  ];
  return children.flatMap(({ path: place, value, isKey }) => {
    if (typeof value !== 'object') return [];
    return [...(isKey && value.description === undefined ? [place] : []), ...undescribed(value, place)];
  });
}

test('every key of the JSON Schema is described', () => {
  expect(undescribed(buildJsonSchema(), '')).toEqual([]);
});
