import { referenceName, type Description, type Operation, type Parameter } from './description.ts';

/** One operation, with its references to parameters resolved. */
export interface Route {
  /** `GET /repos/{owner}/{repo}/deployments` */
  readonly name: string;
  readonly method: string;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
  /** Matches a path whose parameters are still encoded. */
  readonly pattern: RegExp;
}

export interface RouteMatch {
  readonly route: Route;
  /** Decoded; null where the path was the template itself. */
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

export function listRoutes(description: Description): readonly Route[] {
  return Object.entries(description.paths)
    .sort(([a], [b]) => specificity(b) - specificity(a))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => {
        const parameters = (operation.parameters ?? []).map((parameter) => resolve(description, parameter));
        return {
          name: `${method.toUpperCase()} ${path}`,
          method: method.toUpperCase(),
          operation,
          parameters,
          pattern: toPattern(path, parameters),
        };
      }),
    );
}

/** Finds the operation that a request is for. Of several templates that fit, the most literal one counts. */
export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const template = routes.find(({ name }) => name === `${method} ${path}`);
  if (template !== undefined) return { route: template, pathParameters: null };
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match === null) continue;
    const names = route.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    const found = names.map((name) => [name, decodeURIComponent(match.groups?.[name] ?? '')] as const);
    return { route, pathParameters: Object.fromEntries(found) };
  }
  return undefined;
}

/** Literal segments outweigh parameters, and `{base}...{head}` outweighs `{basehead}`. */
function specificity(path: string): number {
  const literal = path.split('/').filter((segment) => !segment.startsWith('{')).length;
  return literal * 100 + path.split('{').length;
}

function toPattern(path: string, parameters: readonly Parameter[]): RegExp {
  const source = path.split(/\{(\w+)\}/).map((piece, index) => {
    if (index % 2 === 0) return piece.replaceAll('.', '\\.');
    const parameter = parameters.find(({ name }) => name === piece);
    return parameter?.['x-multi-segment'] === true ? `(?<${piece}>.+?)` : `(?<${piece}>[^/]+?)`;
  });
  return new RegExp(`^${source.join('')}$`);
}

function resolve(description: Description, parameter: Parameter | { readonly $ref: string }): Parameter {
  if (!('$ref' in parameter)) return parameter;
  const resolved = description.components.parameters[referenceName(parameter.$ref)];
  if (resolved === undefined) throw new Error(`${parameter.$ref} is not in openapi.json`);
  return resolved;
}
