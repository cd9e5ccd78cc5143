import type { OpenApiSchema } from './json-schema.ts';

/** Where GitHub's description contradicts GitHub: what it should say instead. */
export interface Amendment {
  readonly operation: string;
  readonly status: string;
  readonly schema: OpenApiSchema;
  readonly because: string;
}

export const amendments: readonly Amendment[] = [
  {
    operation: 'GET /app/installations',
    status: '200',
    schema: { type: 'array', items: { $ref: '#/components/schemas/installation' } },
    because: 'An account is said to be a user and an enterprise at once; the same installation by itself is either.',
  },
];
