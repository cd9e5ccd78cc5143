import type { GraphQLResolveInfo } from 'graphql';
import type { Account, App, Level, Repository, Token } from '../state/model.ts';
import { canSee, may } from '../state/installations.ts';
import type { World } from '../state/world.ts';
import type { Addresses } from '../rest/route.ts';
import { forbidden } from './problem.ts';

export interface RateView {
  readonly cost: number;
  readonly nodeCount: number;
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  readonly resetAt: Date;
}

/** What resolvers have at hand for one request. */
export interface Context {
  readonly world: World;
  readonly token: Token;
  readonly at: Addresses;
  readonly rate: RateView;
  /** Whether a top-level field is to fail without being carried out. */
  readonly fails: (alias: string) => boolean;
  readonly onNotSimulated: (what: string) => void;
}

export type Args = Readonly<Record<string, unknown>>;

/** Resolves one field of a type. The source is of the type that the resolvers of its parent return. */
export type FieldResolver<Source> = (source: Source, args: Args, context: Context, info: GraphQLResolveInfo) => unknown;

export type Fields<Source> = Readonly<Record<string, FieldResolver<Source>>>;

export function seesRepository(context: Context, repository: Repository): boolean {
  return canSee(context.world, context.token, repository);
}

/** @throws FORBIDDEN where the token lacks a permission, or reaches the repository by its being public alone. */
export function need(context: Context, repository: Repository, permission: string, level: Level = 'read'): void {
  const { world, token } = context;
  if (!canSee(world, token, repository) || !may(world, token, { repository, permission, level })) throw forbidden();
}

/** Who asks: the app's bot or a person. */
export function viewer(context: Context): { readonly actor: Account; readonly viaApp: App | null } {
  const { token, world } = context;
  return token.kind === 'user' ? { actor: token.user, viaApp: null } : { actor: world.app.bot, viaApp: world.app };
}
