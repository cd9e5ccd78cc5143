import type { Route } from './route.ts';

interface Node {
  readonly literals: Map<string, Node>;
  parameter: Node | null;
  /** Routes whose last parameter takes the rest of the path, slashes and all. */
  readonly rest: Map<string, Route>;
  readonly routes: Map<string, Route>;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Parameters at the end of a path that GitHub also takes with unescaped slashes. */
const REST_PARAMETERS = new Set(['{path}', '{basehead}', '{branch}', '{ref}']);

const createNode = (): Node => ({ literals: new Map(), parameter: null, rest: new Map(), routes: new Map() });

/** Finds the route for a method and a path. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match | null {
  const root = createNode();
  for (const route of routes) add(root, route);
  return (method, path) => {
    const segments = path.split('/').slice(1);
    return find(root, segments, { method, index: 0, values: [] });
  };
}

function add(root: Node, route: Route): void {
  const [method = '', path = ''] = route.template.split(' ');
  const segments = path.split('/').slice(1);
  let node = root;
  for (const [index, segment] of segments.entries()) {
    if (index === segments.length - 1 && REST_PARAMETERS.has(segment)) {
      node.rest.set(method, route);
      return;
    }
    node = descend(node, segment);
  }
  node.routes.set(method, route);
}

function descend(node: Node, segment: string): Node {
  if (segment.startsWith('{')) return (node.parameter ??= createNode());
  const next = node.literals.get(segment) ?? createNode();
  node.literals.set(segment, next);
  return next;
}

interface Search {
  readonly method: string;
  readonly index: number;
  readonly values: readonly string[];
}

function find(node: Node, segments: readonly string[], at: Search): Match | null {
  const segment = segments[at.index];
  if (segment === undefined) return matched(node.routes.get(at.method), at.values);
  const literal = node.literals.get(segment);
  const exact = literal && find(literal, segments, { ...at, index: at.index + 1 });
  if (exact) return exact;
  if (node.parameter !== null && segment !== '') {
    const values = [...at.values, decode(segment)];
    const match = find(node.parameter, segments, { ...at, index: at.index + 1, values });
    if (match !== null) return match;
  }
  return matched(node.rest.get(at.method), [...at.values, decode(segments.slice(at.index).join('/'))]);
}

/** The values by the names that the route's template has for them. */
function matched(route: Route | undefined, values: readonly string[]): Match | null {
  if (route === undefined) return null;
  const names = [...route.template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return { route, params: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])) };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
