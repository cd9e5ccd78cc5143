import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildASTSchema, parse, type GraphQLSchema } from 'graphql';
import { kept } from '../../run/kept.ts';

let built: GraphQLSchema | undefined;

/** GitHub's own schema, read once a process and only where something asks in GraphQL. */
export function githubSchema(): GraphQLSchema {
  built ??= kept('schema', () =>
    buildASTSchema(parse(readFileSync(schemaPath(), 'utf8'), { noLocation: true }), { assumeValidSDL: true }),
  );
  return built;
}

/** The package exports a module that parses five megabytes of JSON as well, so its file is read directly. */
function schemaPath(): string {
  const folders = createRequire(import.meta.url).resolve.paths('@octokit/graphql-schema') ?? [];
  const path = folders
    .map((folder) => join(folder, '@octokit/graphql-schema/schema.graphql'))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error('@octokit/graphql-schema is not installed');
  return path;
}
