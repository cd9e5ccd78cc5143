import { Ajv2019, type ErrorObject, type ValidateFunction } from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import { readDescription, referenceName, type Answer, type Description } from './description.ts';
import {
  CLOSED_COMPONENTS_ID,
  COMPONENTS_ID,
  toClosedJsonSchema,
  toJsonSchema,
  type JsonSchema,
  type OpenApiSchema,
} from './json-schema.ts';
import { findRoute, listRoutes, type Route } from './routes.ts';

/** One REST request and what was answered. */
export interface Exchange {
  readonly method: string;
  /**
   * As sent: parameters are still encoded. Enterprise Server's `/api/v3` in front of it does not matter. Or a template,
   * `/repos/{owner}/{repo}`, whose parameters cannot be checked then.
   */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed; undefined, null or empty where none was sent. */
  readonly requestBody: unknown;
  readonly status: number;
  /** Parsed where it is JSON, else text; undefined, null or empty where there is none. */
  readonly responseBody: unknown;
}

export interface RestContract {
  /** What in `exchange` is not as GitHub's description says, each with its operation and JSON pointer; else empty. */
  check(exchange: Exchange): readonly string[];
  /** The route template of a request, such as `GET /repos/{owner}/{repo}`; undefined for one that is not listed. */
  routeOf(request: Pick<Exchange, 'method' | 'path'>): string | undefined;
}

type Part = 'path' | 'query' | 'request' | `answer ${number}`;

/** More errors than these about one part say nothing new: an `anyOf` that fails lists all of its branches'. */
const MOST_ERRORS = 5;
/** GitHub serves at most as many. More are not refused, and not given either. */
const MOST_PER_PAGE = 100;

/**
 * Holds REST exchanges against GitHub's own description. It is stricter than GitHub about requests, where a name that
 * it does not know is an error, and lenient about error statuses, most of which the description leaves out.
 */
export function createRestContract(): RestContract {
  const description = readDescription();
  const routes = listRoutes(description);
  const validators = createValidators(description);

  function check(exchange: Exchange): readonly string[] {
    const found = findRoute(routes, exchange.method, withoutPrefix(exchange.path));
    if (found === undefined) return [unknownRoute(exchange)];
    const { route, pathParameters } = found;
    const report = (part: Part, errors: readonly string[]) => errors.map((error) => `${route.name}: ${part} ${error}`);
    return [
      ...report('path', pathParameters === null ? [] : validators.parameters(route, 'path', pathParameters)),
      ...report('query', validators.parameters(route, 'query', exchange.query)),
      ...report('query', checkPageSize(exchange.query)),
      ...report('request', checkRequestBody(validators, route, exchange.requestBody)),
      ...report(`answer ${exchange.status}`, checkAnswer(validators, route, exchange)),
    ];
  }

  return {
    check,
    routeOf: ({ method, path }) => findRoute(routes, method, withoutPrefix(path))?.route.name,
  };
}

function withoutPrefix(path: string): string {
  return path.replace(/^\/api\/v3(?=\/)/, '');
}

function unknownRoute({ method, path }: Exchange): string {
  return `${method} ${path}: no such operation is described; add it to test/contract/operations.json and run npm run contract:update`;
}

function checkPageSize(query: Exchange['query']): readonly string[] {
  const size = query['per_page'];
  return size !== undefined && Number(size) > MOST_PER_PAGE ? [`/per_page must be <= ${MOST_PER_PAGE}`] : [];
}

function checkRequestBody(validators: Validators, route: Route, body: unknown): readonly string[] {
  const described = route.operation.requestBody;
  const schema = described?.content['application/json']?.schema;
  if (schema === undefined) return isEmpty(body) ? [] : ['(root) must be empty'];
  if (isEmpty(body)) return described?.required === true ? ['(root) must not be empty'] : [];
  return validators.body(`${route.name} request`, toClosedJsonSchema(schema), body);
}

function checkAnswer(validators: Validators, route: Route, { status, responseBody }: Exchange): readonly string[] {
  if (status >= 500 || status === 304) return [];
  const answer = validators.answer(route, status);
  if (answer === undefined) return status >= 400 ? checkError(responseBody) : ['is not a status that is described'];
  if (answer.content === undefined) return isEmpty(responseBody) ? [] : ['(root) must be empty'];
  if (typeof responseBody === 'string' && speaksMore(route)) return [];
  const schema = answer.content['application/json']?.schema;
  return schema === undefined
    ? []
    : validators.body(`${route.name} answer ${status}`, toJsonSchema(schema), responseBody);
}

/** Whether the operation answers in other media types than JSON, when asked to. */
function speaksMore(route: Route): boolean {
  return Object.values(route.operation.responses).some(
    (answer) =>
      'content' in answer && Object.keys(answer.content ?? {}).some((type) => type.startsWith('application/vnd.')),
  );
}

/** An error that the description does not list still has GitHub's form. */
function checkError(body: unknown): readonly string[] {
  const told = typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string';
  return told ? [] : ['/message must be a string'];
}

function isEmpty(body: unknown): boolean {
  return (
    body === undefined ||
    body === null ||
    body === '' ||
    (typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0)
  );
}

interface Validators {
  parameters(route: Route, place: 'path' | 'query', values: Readonly<Record<string, string>>): readonly string[];
  body(name: string, schema: JsonSchema, value: unknown): readonly string[];
  answer(route: Route, status: number): Answer | undefined;
}

/** Each schema is compiled when it is first needed, and once. */
function createValidators(description: Description): Validators {
  const components = componentSchemas(description);
  const bodies = createAjv(components, { coerceTypes: false });
  const texts = createAjv(components, { coerceTypes: true });
  const compiled = new Map<string, ValidateFunction>();

  function validate(ajv: Ajv2019, name: string, schema: () => JsonSchema, value: unknown): readonly string[] {
    const validator = compiled.get(name) ?? ajv.compile(schema());
    compiled.set(name, validator);
    return validator(value) ? [] : (validator.errors ?? []).slice(0, MOST_ERRORS).map(describe);
  }

  return {
    // A copy, because coercion writes into what it checks.
    parameters: (route, place, values) =>
      validate(texts, `${route.name} ${place}`, () => parametersSchema(route, place), { ...values }),
    body: (name, schema, value) => validate(bodies, name, () => schema, value),
    answer(route, status) {
      const answer = route.operation.responses[String(status)];
      if (answer === undefined || !('$ref' in answer)) return answer;
      return description.components.responses[referenceName(answer.$ref)];
    },
  };
}

/** The components as JSON Schema: open ones for answers, closed ones for what is sent. */
export function componentSchemas({ components: { schemas } }: Description): readonly JsonSchema[] {
  return [
    { $id: COMPONENTS_ID, $defs: mapValues(schemas, toJsonSchema) },
    { $id: CLOSED_COMPONENTS_ID, $defs: mapValues(schemas, toClosedJsonSchema) },
  ];
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function createAjv(components: readonly JsonSchema[], { coerceTypes }: { readonly coerceTypes: boolean }): Ajv2019 {
  const ajv = new Ajv2019({
    allErrors: true,
    coerceTypes,
    strictTypes: false,
    strictTuples: false,
    // Made anew in every test file: rest.test.ts checks once that they are schemas.
    validateSchema: false,
    code: { optimize: false },
  });
  formats.default(ajv);
  ajv.addFormat('timestamp', true);
  ajv.addSchema([...components]);
  return ajv;
}

function parametersSchema(route: Route, place: 'path' | 'query'): JsonSchema {
  const parameters = route.parameters.filter((parameter) => parameter.in === place);
  const properties: Record<string, OpenApiSchema> = {};
  for (const { name, schema } of parameters) properties[name] = toJsonSchema(schema);
  return {
    type: 'object',
    properties,
    required: parameters.filter(({ required }) => required === true).map(({ name }) => name),
    additionalProperties: false,
  };
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const details = Object.values(params as Record<string, unknown>)
    .flat()
    .map(String);
  const told = message ?? 'is wrong';
  const more = details.some((detail) => !told.includes(detail)) ? ` (${details.join(', ')})` : '';
  return `${instancePath === '' ? '(root)' : instancePath} ${told}${more}`;
}
