import { createSign } from 'node:crypto';
import type { Simulator } from '../simulator/index.ts';
import type { Exchange } from './rest.ts';

/** One request to the simulator. Steps are made in order, and later ones may use what earlier ones were answered. */
export interface Step {
  readonly route: string;
  /** Values for the route's parameters, not encoded. */
  readonly parameters?: (seen: Seen) => Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Keys of the body that are what the route's parameter of that other name would be. */
  readonly bodyFrom?: Readonly<Record<string, string>>;
  /** Default: the installation. The user is one who may write in the repository. */
  readonly as?: 'app' | 'user' | 'installation';
}

/** The field of what a route was answered when it was last asked; of the first one, where that was a list. */
export type Seen = (route: string, field: string) => string | number;

/** What every route with such a parameter is given, where a step says nothing else. */
export type Defaults = Readonly<Record<string, string | number>>;

/** Makes every step, and tells what was sent and answered by the step's place in the list. */
export async function drive(
  github: Simulator,
  steps: readonly Step[],
  defaults: Defaults & { readonly installation_id: number },
): Promise<readonly Exchange[]> {
  const jwt = signJwt(github);
  const answers = new Map<string, unknown>();
  const tokenPath = `/app/installations/${defaults.installation_id}/access_tokens`;
  const made = await ask(github, { method: 'POST', path: tokenPath, token: jwt });
  const tokens = {
    app: jwt,
    user: github.addToken('octocat'),
    installation: String(readField(made.responseBody, 'token')),
  };
  const exchanges: Exchange[] = [];
  for (const step of steps) {
    const [method = '', template = ''] = step.route.split(' ');
    const seen: Seen = (route, field) => readField(answers.get(route), field);
    const path = fill(template, { ...defaults, ...step.parameters?.(seen) });
    const { query = {}, as = 'installation' } = step;
    const exchange = await ask(github, { method, path, query, body: toBody(step, defaults), token: tokens[as] });
    answers.set(step.route, exchange.responseBody);
    exchanges.push(exchange);
  }
  return exchanges;
}

function toBody({ body, bodyFrom = {} }: Step, defaults: Defaults): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return { ...body, ...Object.fromEntries(Object.entries(bodyFrom).map(([key, name]) => [key, defaults[name]])) };
}

async function ask(
  github: Simulator,
  request: {
    readonly method: string;
    readonly path: string;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly token: string;
  },
): Promise<Exchange> {
  const { method, path, query = {}, body, token } = request;
  const response = await fetch(`${github.url}${path}?${new URLSearchParams(query).toString()}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const responseBody: unknown = text === '' ? undefined : JSON.parse(text);
  return { method, path, query, requestBody: body, status: response.status, responseBody };
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${template}: no value for ${name}`);
    return encodeURIComponent(value);
  });
}

/** Lists come bare or in an object beside `total_count`. */
function readField(answer: unknown, field: string): string | number {
  for (const candidate of [answer, ...valuesOf(answer), ...valuesOf(answer).flatMap(valuesOf)]) {
    const value = new Map(entriesOf(candidate)).get(field);
    if (typeof value === 'string' || typeof value === 'number') return value;
  }
  throw new Error(`There is no ${field} in ${JSON.stringify(answer)}`);
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function valuesOf(value: unknown): readonly unknown[] {
  return entriesOf(value).map(([, each]) => each);
}

/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
function signJwt(github: Simulator): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iat: now - 30, exp: now + 300, iss: github.app.id })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(github.app.privateKey, 'base64url')}`;
}
