import {
  execute,
  getOperationAST,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type OperationDefinitionNode,
} from 'graphql';
import type { Context } from './context.ts';
import { costOf, type Cost } from './cost.ts';
import { writtenError } from './problem.ts';
import { resolveField, resolveType } from './resolvers.ts';
import { githubSchema } from './schema.ts';

export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

export interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly name: string;
  readonly isMutation: boolean;
  readonly aliases: readonly string[];
}

type Checked = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

const MOST_REMEMBERED = 500;
const checked = new Map<string, Checked>();

/** Parses and validates against GitHub's schema; the same text is checked once. */
function check(text: string): Checked {
  const known = checked.get(text);
  if (known !== undefined) return known;
  const result = checkAfresh(text);
  if (checked.size >= MOST_REMEMBERED) checked.clear();
  checked.set(text, result);
  return result;
}

function checkAfresh(text: string): Checked {
  try {
    const document = parse(text);
    const errors = validate(githubSchema(), document, specifiedRules);
    return errors.length === 0 ? { document } : { errors };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

/** The operation of a request, or what is wrong with its text. */
export function prepare(request: GraphqlRequest): Prepared | { readonly errors: readonly GraphQLError[] } {
  const result = check(request.query);
  if ('errors' in result) return result;
  const operation = getOperationAST(result.document, request.operationName);
  if (!operation) return { errors: [new GraphQLError('An operation name is required')] };
  const aliases = operation.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.alias?.value ?? selection.name.value] : [],
  );
  return {
    document: result.document,
    operation,
    name: operation.name?.value ?? '(anonymous)',
    isMutation: operation.operation === OperationTypeNode.MUTATION,
    aliases,
  };
}

export function costOfRequest(prepared: Prepared, request: GraphqlRequest): Cost {
  const defaults = Object.fromEntries(
    (prepared.operation.variableDefinitions ?? []).flatMap((each) =>
      each.defaultValue?.kind === Kind.INT ? [[each.variable.name.value, Number(each.defaultValue.value)]] : [],
    ),
  );
  return costOf(githubSchema(), prepared.document, prepared.operation, { ...defaults, ...request.variables });
}

/** Runs the operation and returns the answer's body. Resolvers are synchronous, so what one request does is whole. */
export function run(prepared: Prepared, request: GraphqlRequest, context: Context): Record<string, unknown> {
  const result = execute({
    schema: githubSchema(),
    document: prepared.document,
    operationName: request.operationName,
    variableValues: request.variables,
    contextValue: context,
    fieldResolver: resolveField,
    typeResolver: resolveType,
  }) as ExecutionResult;
  return {
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(result.errors === undefined ? {} : { errors: result.errors.map(writtenError) }),
  };
}
