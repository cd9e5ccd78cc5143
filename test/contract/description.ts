import { readFileSync } from 'node:fs';
import { amendments, type Amendment } from './amendments.ts';
import type { OpenApiSchema } from './json-schema.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: OpenApiSchema;
  /** Its value may contain slashes that are not encoded. */
  readonly 'x-multi-segment'?: boolean;
}

export interface Reference {
  readonly $ref: string;
}

type Content = Readonly<Record<string, { readonly schema?: OpenApiSchema }>>;

export interface Answer {
  readonly content?: Content;
}

export interface Operation {
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, Answer | Reference>>;
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, OpenApiSchema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Answer>>;
  };
}

/** GitHub's description of its REST API, cut down to the operations in operations.json, with the amendments. */
export function readDescription(): Description {
  const text = readFileSync(new URL('openapi.json', import.meta.url), 'utf8');
  const described = JSON.parse(text) as Description;
  return amendments.reduce((description, amendment) => amend(description, amendment), described);
}

function amend(description: Description, { operation, status, schema }: Amendment): Description {
  const [verb = '', path = ''] = operation.split(' ');
  const method = verb.toLowerCase();
  const operations = description.paths[path];
  const amended = operations?.[method];
  if (amended === undefined) throw new Error(`${operation} is amended and not described`);
  const responses = { ...amended.responses, [status]: { content: { 'application/json': { schema } } } };
  return {
    ...description,
    paths: { ...description.paths, [path]: { ...operations, [method]: { ...amended, responses } } },
  };
}

/** The last step of `#/components/KIND/NAME`. */
export function referenceName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
