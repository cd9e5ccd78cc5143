/** OpenAPI 3.0's dialect of JSON Schema, as far as GitHub uses it. */
export type OpenApiSchema = Readonly<Record<string, unknown>>;
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where the components are found once they are JSON Schema, and where those are that take nothing unknown. */
export const COMPONENTS_ID = 'github';
export const CLOSED_COMPONENTS_ID = 'github-closed';

/**
 * The same schema in JSON Schema 2019-09: `nullable` becomes a type, and references lead to {@link COMPONENTS_ID}.
 */
export function toJsonSchema(schema: OpenApiSchema): JsonSchema {
  const { nullable, ...rest } = schema;
  const converted = Object.fromEntries(
    Object.entries(rest)
      // Where the default is an empty text, GitHub sends that: a deployment status's `log_url`, say, is no URI then.
      .filter(([key]) => key !== 'format' || schema['default'] !== '')
      .map(([key, value]) => [key, convert(key, value)]),
  );
  return nullable === true ? orNull(converted) : converted;
}

/**
 * The same schema, but an object takes no property that it does not name. GitHub ignores what it does not know in a
 * request, and says nothing: a misspelt key is found here or never.
 */
export function toClosedJsonSchema(schema: OpenApiSchema): JsonSchema {
  return close(toJsonSchema(schema), false);
}

function convert(key: string, value: unknown): unknown {
  if (key === '$ref' && typeof value === 'string') return toReference(value);
  if (key === 'enum' || key === 'required' || key === 'default') return value;
  if (key === 'properties' && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, convert(name, property)]));
  }
  if (Array.isArray(value)) return value.map((entry) => (isRecord(entry) ? toJsonSchema(entry) : (entry as unknown)));
  return isRecord(value) ? toJsonSchema(value) : value;
}

function toReference(reference: string): string {
  return reference.replace('#/components/schemas/', `${COMPONENTS_ID}#/$defs/`);
}

/** `nullable` beside an `enum` without null is common in GitHub's description, and means what it seems to mean. */
function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

/**
 * @param alternative whether `schema` is one of several that are tried on the same object. Those only add conditions:
 *   the object around them says which properties there are, and an alternative's own "anything goes" would undo that.
 */
function close(schema: JsonSchema, alternative: boolean): JsonSchema {
  const entries = Object.entries(schema)
    .filter(([key, value]) => !(alternative && key === 'additionalProperties' && value === true))
    .map(([key, value]) => [key, closeBelow(key, value, schema)]);
  const closed: JsonSchema = Object.fromEntries(entries) as JsonSchema;
  const open = schema['properties'] === undefined || schema['additionalProperties'] !== undefined;
  return open || alternative ? closed : { ...closed, unevaluatedProperties: false };
}

function closeBelow(key: string, value: unknown, parent: JsonSchema): unknown {
  if (key === '$ref' && typeof value === 'string')
    return value.replace(`${COMPONENTS_ID}#`, `${CLOSED_COMPONENTS_ID}#`);
  if (key === 'properties' && isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, property]) => [name, isRecord(property) ? close(property, false) : property]),
    );
  }
  if (Array.isArray(value) && ['anyOf', 'oneOf', 'allOf'].includes(key)) {
    const besideProperties = parent['properties'] !== undefined;
    return value.map((entry: unknown) => (isRecord(entry) ? close(entry, besideProperties) : entry));
  }
  return key === 'items' && isRecord(value) ? close(value, false) : value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
