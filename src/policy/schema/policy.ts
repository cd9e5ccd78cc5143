import { z } from 'zod';
import { deployKeysSchema } from './deploy-keys.ts';
import { entrySchema } from './entry.ts';
import { pattern } from './scalars.ts';
import { freezeSchema, windowSchema } from './times.ts';

const limit = ({ standard, what }: { readonly standard: number; readonly what: string }) =>
  z
    .int()
    .min(0)
    .default(standard)
    .describe(`At most so many ${what} between two sweeps, on one repository; the rest waits.`);

const limitsSchema = z
  .strictObject({
    inactivate: limit({ standard: 500, what: 'deployments are ended' }),
    delete: limit({ standard: 100, what: 'deployments and environments are deleted' }),
    keys: limit({ standard: 5, what: 'deploy keys are changed' }),
  })
  .prefault({})
  .describe('Changes of each kind between two sweeps, on one repository.');

export const policySchema = z
  .strictObject({
    version: z.literal(1).describe('Version of the policy language. The one key that every file must have.'),
    mode: z
      .enum(['enforce', 'report'])
      .default('enforce')
      .describe(
        '`report`: everything is decided and told, nothing is changed. Check runs are written, and a protection rule that asks is approved with what would have happened.',
      ),
    check_runs: z
      .boolean()
      .default(true)
      .describe('`false`: gates speak through callbacks and statuses only, without buttons and without bypass.'),
    repositories: z
      .array(pattern())
      .exactOptional()
      .describe('Only in an organisation’s file. Patterns of the repositories that it applies to. Left out: all.'),
    environments: z.array(entrySchema).default([]).describe('The entries: rules by environment.'),
    windows: z.array(windowSchema).default([]).describe('Windows for the `windows` gate.'),
    freezes: z.array(freezeSchema).default([]).describe('Times in which deployments wait.'),
    deploy_keys: deployKeysSchema.exactOptional(),
    drift: z
      .enum(['revert', 'report'])
      .default('revert')
      .describe(
        'What is done where protection differs from the policy though the policy has not changed: put back and reported, or only reported.',
      ),
    limits: limitsSchema,
  })
  .meta({ title: 'Lockkeeper policy', description: 'How deployments of a repository are governed.' });
