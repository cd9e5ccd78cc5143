import { z } from 'zod';
import { policySchema } from '../schema/policy.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The JSON Schema of a policy file, for editors; made from the same schema that the parser uses. */
export function buildJsonSchema(): JsonSchema {
  return z.toJSONSchema(policySchema, {
    io: 'input',
    target: 'draft-2020-12',
    reused: 'inline',
    override: ({ jsonSchema }) => {
      // What zod adds to every whole number says nothing to people.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
}
