import { readFileSync } from 'node:fs';
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

/** GitHub's description of its REST API, cut down to the operations in operations.json. */
export function readDescription(): Description {
  return JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8')) as Description;
}

/** The last step of `#/components/KIND/NAME`. */
export function referenceName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
