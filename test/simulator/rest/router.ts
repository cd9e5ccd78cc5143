import type { Route } from './route.ts';

interface Node {
  readonly literals: Map<string, Node>;
  parameter: { readonly name: string; readonly node: Node } | null;
  /** A parameter that takes the rest of the path, slashes and all. */
  rest: { readonly name: string; readonly routes: Map<string, Route> } | null;
  readonly routes: Map<string, Route>;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Parameters at the end of a path that GitHub also takes with unescaped slashes. */
const REST_PARAMETERS = new Set(['{path}', '{basehead}', '{branch}', '{ref}']);

const createNode = (): Node => ({ literals: new Map(), parameter: null, rest: null, routes: new Map() });

/** Finds the route for a method and a path. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match | null {
  const root = createNode();
  for (const route of routes) add(root, route);
  return (method, path) => {
    const segments = path.split('/').slice(1);
    return find(root, segments, { method, index: 0, params: {} });
  };
}

function add(root: Node, route: Route): void {
  const [method = '', path = ''] = route.template.split(' ');
  const segments = path.split('/').slice(1);
  let node = root;
  for (const [index, segment] of segments.entries()) {
    if (index === segments.length - 1 && REST_PARAMETERS.has(segment)) {
      node.rest ??= { name: segment.slice(1, -1), routes: new Map() };
      node.rest.routes.set(method, route);
      return;
    }
    node = descend(node, segment);
  }
  node.routes.set(method, route);
}

function descend(node: Node, segment: string): Node {
  if (segment.startsWith('{')) {
    node.parameter ??= { name: segment.slice(1, -1), node: createNode() };
    return node.parameter.node;
  }
  const next = node.literals.get(segment) ?? createNode();
  node.literals.set(segment, next);
  return next;
}

interface Search {
  readonly method: string;
  readonly index: number;
  readonly params: Readonly<Record<string, string>>;
}

function find(node: Node, segments: readonly string[], at: Search): Match | null {
  const segment = segments[at.index];
  if (segment === undefined) {
    const route = node.routes.get(at.method);
    return route === undefined ? null : { route, params: at.params };
  }
  const literal = node.literals.get(segment);
  const exact = literal && find(literal, segments, { ...at, index: at.index + 1 });
  if (exact) return exact;
  if (node.parameter !== null && segment !== '') {
    const { name } = node.parameter;
    const params = { ...at.params, [name]: decode(segment) };
    const match = find(node.parameter.node, segments, { ...at, index: at.index + 1, params });
    if (match !== null) return match;
  }
  const route = node.rest?.routes.get(at.method);
  if (node.rest === null || route === undefined) return null;
  return { route, params: { ...at.params, [node.rest.name]: decode(segments.slice(at.index).join('/')) } };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
