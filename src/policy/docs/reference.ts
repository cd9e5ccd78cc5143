import { DIAGNOSTIC_CODES, type DiagnosticEffect } from '../diagnostic-codes.ts';
import { buildJsonSchema, type JsonSchema } from './json-schema.ts';
export { buildJsonSchema } from './json-schema.ts';
import { INTRODUCTION } from './prose.ts';

/** The reference of the policy language, as Markdown. */
export function renderReference(): string {
  return [INTRODUCTION, '## Keys', ...renderKeys(buildJsonSchema(), ''), '## Diagnostics', ...renderCodes()].join(
    '\n\n',
  );
}

/** A section for the keys of a mapping, and then for each mapping within it. */
function renderKeys(schema: JsonSchema, path: string): string[] {
  const required = new Set(schema.required);
  const keys = Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
    typeof value === 'boolean' ? [] : [{ key, value }],
  );
  const list = keys.map(({ key, value }) => {
    const facts = [describeType(value), ...(required.has(key) ? ['required'] : describeDefault(value))].join('; ');
    return `- \`${key}\` (${facts}): ${value.description ?? ''}`;
  });
  const inner = keys.flatMap(({ key, value }) =>
    mappingsIn(value).flatMap(({ schema: mapping, suffix }) => {
      const place = `${path}${key}${suffix}`;
      const about =
        mapping.description === undefined || mapping.description === value.description ? [] : [mapping.description];
      return [`### \`${place}\``, ...about, ...renderKeys(mapping, `${place}.`)];
    }),
  );
  return [list.join('\n'), ...inner];
}

interface InnerMapping {
  readonly schema: JsonSchema;
  /** `[]` where it is an item of a list. */
  readonly suffix: string;
}

function mappingsIn(schema: JsonSchema): readonly InnerMapping[] {
  if (schema.properties !== undefined) return [{ schema, suffix: '' }];
  const items = schema.items;
  if (typeof items === 'object' && !Array.isArray(items)) {
    return mappingsIn(items).map(({ schema: item, suffix }) => ({ schema: item, suffix: `[]${suffix}` }));
  }
  return (schema.anyOf ?? []).flatMap((option) => (typeof option === 'boolean' ? [] : mappingsIn(option)));
}

function describeType(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) {
    return schema.anyOf
      .map((option) => (typeof option === 'boolean' ? 'anything' : describeType(option)))
      .join(', or ');
  }
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') {
    const { items } = schema;
    const most = schema.maxItems === undefined ? '' : ` of at most ${schema.maxItems}`;
    return typeof items === 'object' && !Array.isArray(items) ? `list${most}: ${describeType(items)}` : 'list';
  }
  if (schema.type === 'object') return schema.properties === undefined ? 'mapping of texts' : 'mapping';
  if (schema.type === 'integer') return describeNumber(schema);
  if (schema.type === 'boolean') return '`true`, `false`';
  return schema.title ?? 'text';
}

function describeNumber({ minimum, maximum }: JsonSchema): string {
  if (maximum !== undefined) return `whole number from ${minimum ?? 0} to ${maximum}`;
  return `whole number from ${minimum ?? 0}`;
}

function describeDefault(schema: JsonSchema): string[] {
  const { default: value } = schema;
  if (value === undefined || (typeof value === 'object' && schema.properties !== undefined)) return [];
  if (Array.isArray(value)) return value.length === 0 ? [] : [`default \`[${value.map(String).join(', ')}]\``];
  return [`default \`${typeof value === 'string' ? value : JSON.stringify(value)}\``];
}

const EFFECTS: Readonly<Record<DiagnosticEffect, string>> = {
  file: 'error',
  entry: 'error, range',
  none: 'warning',
};

function renderCodes(): string[] {
  const intro =
    'Each has a code that never changes its meaning. "Error, range" is one that leaves only the environments of its entry alone; outside of `environments` it counts for the whole file.';
  const list = Object.entries(DIAGNOSTIC_CODES).map(
    ([code, { effect, means }]) => `- \`${code}\` (${EFFECTS[effect]}): ${means}`,
  );
  return [intro, list.join('\n')];
}
