import {
  getNamedType,
  isAbstractType,
  isObjectType,
  isInterfaceType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type GraphQLNamedType,
} from 'graphql';
import { GraphQLError } from 'graphql';

/** https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api */
const LARGEST_PAGE = 100;
const MOST_NODES = 500_000;

export interface Cost {
  /** Points of the primary rate limit. */
  readonly points: number;
  readonly nodes: number;
  readonly problems: readonly GraphQLError[];
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly problems: GraphQLError[];
  requests: number;
  nodes: number;
}

interface Place {
  readonly type: GraphQLNamedType;
  /** How many things of this kind there may be. */
  readonly count: number;
  readonly path: readonly string[];
}

/**
 * What a request costs before it is carried out, assuming that every connection is as full as it asks for: one request
 * for each connection of each parent, over 100, at least one point.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Cost {
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  const walk: Walk = { schema, fragments, variables, problems: [], requests: 0, nodes: 0 };
  const root = schema.getRootType(operation.operation);
  if (root) descend(walk, operation.selectionSet, { type: root, count: 1, path: [operation.operation] });
  if (walk.nodes > MOST_NODES) {
    const message = `This query requests up to ${walk.nodes.toLocaleString('en')} possible nodes which exceeds the maximum limit of ${MOST_NODES.toLocaleString('en')}.`;
    walk.problems.push(new GraphQLError(message, { extensions: { type: 'MAX_NODE_LIMIT_EXCEEDED' } }));
  }
  return { points: Math.max(1, Math.round(walk.requests / 100)), nodes: walk.nodes, problems: walk.problems };
}

function descend(walk: Walk, selections: SelectionSetNode, place: Place): void {
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) {
      enter(walk, selection, place);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value);
    if (fragment === undefined) continue;
    const named = fragment.typeCondition && walk.schema.getType(fragment.typeCondition.name.value);
    descend(walk, fragment.selectionSet, { ...place, type: named ?? place.type });
  }
}

function enter(walk: Walk, field: FieldNode, place: Place): void {
  const { type } = place;
  if (field.selectionSet === undefined || !(isObjectType(type) || isInterfaceType(type))) return;
  const definition = type.getFields()[field.name.value];
  if (definition === undefined) return;
  const result = getNamedType(definition.type);
  const path = [...place.path, field.alias?.value ?? field.name.value];
  const isConnection = result.name.endsWith('Connection') && definition.args.some((arg) => arg.name === 'first');
  let { count } = place;
  if (isConnection) {
    const size = pageSize(walk, field, path);
    walk.requests += count;
    count *= size;
    walk.nodes += count;
  } else if (field.name.value === 'nodes' && isAbstractType(result)) {
    const ids = argument(walk, field, 'ids');
    if (Array.isArray(ids)) count *= ids.length;
  }
  descend(walk, field.selectionSet, { type: result, count, path });
}

function pageSize(walk: Walk, field: FieldNode, path: readonly string[]): number {
  const [first, last] = [argument(walk, field, 'first'), argument(walk, field, 'last')];
  const name = field.name.value;
  const refuse = (type: string, message: string) => {
    const nodes = [field];
    walk.problems.push(new GraphQLError(message, { nodes, path, extensions: { type } }));
    return 1;
  };
  if (typeof first === 'number' && typeof last === 'number') {
    return refuse(
      'EXCESSIVE_PAGINATION',
      `Passing both \`first\` and \`last\` to paginate the \`${name}\` connection is not supported.`,
    );
  }
  const [which, size] = typeof first === 'number' ? ['first', first] : ['last', last];
  if (typeof size !== 'number') {
    return refuse(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  }
  if (size > LARGEST_PAGE) {
    return refuse(
      'EXCESSIVE_PAGINATION',
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`${which}\` limit of ${LARGEST_PAGE} records.`,
    );
  }
  if (size < 0)
    return refuse('INVALID_PAGINATION', `\`${which}\` on the \`${name}\` connection cannot be less than zero.`);
  return size;
}

function argument(walk: Walk, field: FieldNode, name: string): unknown {
  const given = field.arguments?.find((each) => each.name.value === name);
  return given === undefined ? undefined : valueFromASTUntyped(given.value, walk.variables);
}
