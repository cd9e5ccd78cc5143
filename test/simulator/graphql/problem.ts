import { GraphQLError } from 'graphql';

/** A problem of one field, with GitHub's type for it. */
export function problem(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

export const forbidden = () => problem('FORBIDDEN', 'Resource not accessible by integration');

export function unresolvedNode(id: string): GraphQLError {
  return problem('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
}

/** An error as GitHub writes it: the type beside the message, not in extensions. */
export function writtenError(error: GraphQLError): Record<string, unknown> {
  const { type, ...extensions } = error.extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(type === 'FORBIDDEN' ? { extensions: { saml_failure: false } } : {}),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    message: error.message,
  };
}
