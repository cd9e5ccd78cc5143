import type { z } from 'zod';
import type { createLambdaFunction } from '@probot/adapter-aws-lambda-serverless';
import type { Probot } from 'probot';
import type { CommitSha, DeploymentId, InstallationId, NodeId, RepositoryId } from './ids.ts';
import type { GraphqlAnswer, GraphqlProblem, ReadRoute, RouteData } from './port.ts';
import type { WriteRoute } from './write-routes.ts';

/*
 * The one file with unsafe casts: what came over the wire gets its type here, at the boundary that has checked it.
 */

/** @throws TypeError where `value` is not a positive whole number. */
function positive(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new TypeError(`${what} must be a positive whole number`);
}

export const installationId = (value: unknown): InstallationId =>
  positive(value, 'An installation id') as InstallationId;
export const repositoryId = (value: unknown): RepositoryId => positive(value, 'A repository id') as RepositoryId;
export const deploymentId = (value: unknown): DeploymentId => positive(value, 'A deployment id') as DeploymentId;

/** @throws TypeError where `value` is not a string of letters, digits and GitHub's separators. */
export function nodeId(value: unknown): NodeId {
  if (typeof value === 'string' && /^[\w=+/-]{1,255}$/.test(value)) return value as NodeId;
  throw new TypeError('A node id must be a short string');
}

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function isCommitSha(value: string): value is CommitSha {
  return SHA.test(value);
}

/** @throws TypeError where `value` is not a full commit hash. */
export function commitSha(value: unknown): CommitSha {
  if (typeof value === 'string' && isCommitSha(value)) return value;
  throw new TypeError('A commit hash must be 40 or 64 hexadecimal digits');
}

/** The body of a REST answer, typed by its route. Who uses a field for anything that matters checks it there. */
export function routeData<R extends ReadRoute | WriteRoute>(value: unknown): RouteData<R> {
  return value;
}

/** The body of a GraphQL answer, typed by its document, or null where it is no such body. */
export function graphqlAnswer<T>(body: unknown): GraphqlAnswer<T> | null {
  if (typeof body !== 'object' || body === null) return null;
  const { data, errors } = body as { readonly data?: unknown; readonly errors?: unknown };
  if (data === undefined && errors === undefined) return null;
  return {
    data: (data ?? null) as T | null,
    problems: Array.isArray(errors) ? errors.map(graphqlProblem) : [],
  };
}

function graphqlProblem(error: unknown): GraphqlProblem {
  const { type, message, path } = (error ?? {}) as {
    readonly type?: unknown;
    readonly message?: unknown;
    readonly path?: unknown;
  };
  return {
    message: typeof message === 'string' ? message : 'GitHub gave no reason',
    ...(typeof type === 'string' ? { type } : {}),
    ...(Array.isArray(path)
      ? { path: path.filter((step) => typeof step === 'string' || typeof step === 'number') }
      : {}),
  };
}

/** A delivery whose signature has been checked, as Probot takes it. The readers of `webhooks/` check what is in it. */
export function webhookEvent(delivery: {
  readonly id: string;
  readonly name: string;
  readonly payload: object;
}): Parameters<Probot['receive']>[0] {
  return delivery as Parameters<Probot['receive']>[0];
}

type LambdaFunction = ReturnType<typeof createLambdaFunction>;

/** Calls Probot's Lambda adapter with the two things of an event that it reads. */
export function callAdapter(
  adapter: LambdaFunction,
  delivery: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): ReturnType<LambdaFunction> {
  const { headers, body } = delivery;
  return adapter({ headers, body } as Parameters<LambdaFunction>[0], {} as Parameters<LambdaFunction>[1]);
}

/** zod's own kinds of schema are a union that its base type does not name; the policy's schema is made of nothing else. */
export function builtInSchema(schema: z.core.$ZodType): z.core.$ZodTypes {
  return schema as z.core.$ZodTypes;
}
