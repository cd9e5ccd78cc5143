import { z } from 'zod';
import { people } from './actors.ts';
import { gatesSchema } from './gates.ts';
import { lifecycleSchema } from './lifecycle.ts';
import { protectionSchema } from './protection.ts';
import { exactEnvironment, pattern, waitingTime } from './scalars.ts';

const bypass = z
  .strictObject({
    ...people,
    freezes: z.boolean().default(false).describe('`true`: a bypass covers freezes too.'),
  })
  .describe(
    'Who may let a deployment through that its gates hold back, for 24 hours. Nobody bypasses a deployment that they created.',
  );

const promote = z
  .strictObject({
    from: exactEnvironment().describe('Name of the environment whose successful deployments are promoted.'),
    after: waitingTime().prefault('0m').describe('How long a deployment must have stood successful there.'),
  })
  .describe(
    'Creates a deployment of the same commit in this environment when its deployment in `from` has stood successful.',
  );

export const entrySchema = z
  .strictObject({
    name: pattern()
      .max(255)
      .describe(
        'Name of the environment, compared without regard to case; or, with `*`, `?` or `{`, a pattern of such names. For one environment exactly one entry counts: the one of that exact name, else the first whose pattern matches.',
      ),
    locked: z
      .boolean()
      .default(false)
      .describe(
        'Only in an organisation’s file. `true`: this entry is matched first and counts whole; a repository cannot change it.',
      ),
    protection: protectionSchema.exactOptional(),
    gates: gatesSchema.exactOptional(),
    bypass: bypass.exactOptional(),
    promote: promote.exactOptional(),
    lifecycle: lifecycleSchema.exactOptional(),
  })
  .describe('The rules of one environment, or of all whose name matches a pattern.');
