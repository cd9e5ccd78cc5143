import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#node-limit */
const MOST_PER_CONNECTION = 100;
const MOST_NODES = 500_000;

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly problems: Set<string>;
}

/** What of GitHub's limits a document breaks, beside being valid: a connection without a size, and too many nodes. */
export function findBrokenLimits(schema: GraphQLSchema, document: DocumentNode): readonly string[] {
  const problems = new Set<string>();
  const fragments = new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const nodes = countNodes(operation.selectionSet, rootOf(schema, operation), { schema, fragments, problems });
    if (nodes > MOST_NODES) problems.add(`${nodes} nodes, and GitHub gives at most ${MOST_NODES}`);
  }
  return [...problems];
}

function rootOf(schema: GraphQLSchema, operation: OperationDefinitionNode): string {
  return schema.getRootType(operation.operation)?.name ?? '';
}

/** GitHub's own count: each connection's size, times the sizes of those around it. */
function countNodes(selections: SelectionSetNode | undefined, type: string, walk: Walk): number {
  let nodes = 0;
  for (const selection of selections?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      nodes += countField(selection, type, walk);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      nodes += countNodes(selection.selectionSet, selection.typeCondition?.name.value ?? type, walk);
    } else {
      const fragment = walk.fragments.get(selection.name.value);
      nodes += countNodes(fragment?.selectionSet, fragment?.typeCondition.name.value ?? type, walk);
    }
  }
  return nodes;
}

function countField(node: FieldNode, parent: string, walk: Walk): number {
  const type = walk.schema.getType(parent);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
  if (field === undefined) return 0;
  const below = countNodes(node.selectionSet, getNamedType(field.type).name, walk);
  if (!field.args.some(({ name }) => name === 'first')) return below;
  const size = sizeOf(node);
  if (size === undefined) walk.problems.add(`${parent}.${node.name.value} has neither first nor last`);
  if (size !== undefined && (size < 1 || size > MOST_PER_CONNECTION)) {
    walk.problems.add(`${parent}.${node.name.value} asks for ${size}, and GitHub gives 1 to ${MOST_PER_CONNECTION}`);
  }
  return (size ?? MOST_PER_CONNECTION) * (1 + below);
}

/** A size that comes in a variable is taken for the largest. */
function sizeOf(node: FieldNode): number | undefined {
  const size = node.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last')?.value;
  if (size === undefined) return undefined;
  return size.kind === Kind.INT ? Number(size.value) : MOST_PER_CONNECTION;
}
