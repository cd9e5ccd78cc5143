import { z } from 'zod';
import { publicKeyProblem } from '../public-key.ts';
import { age, text } from './scalars.ts';
import { refuse } from './refusal.ts';

const publicKey = z
  .string()
  .max(16_384)
  .meta({ examples: ['ssh-ed25519 AAAA…'] })
  .check((context) => {
    const message = publicKeyProblem(context.value);
    if (message !== null) refuse(context, context.value, { code: 'bad-public-key', message });
  });

const allowedKey = z
  .strictObject({
    title: text({ longest: 255 }).describe('The key’s title on GitHub.'),
    key: publicKey
      .exactOptional()
      .describe(
        'The public key. Given: it is created where it is missing, and compared by its type and body. Left out: the title alone is matched.',
      ),
    read_only: z.boolean().default(true).describe('`false`: the key may write.'),
  })
  .describe('A deploy key that may be there.');

const reaction = () => z.enum(['report', 'delete']).default('report');

export const deployKeysSchema = z
  .strictObject({
    allow: z.array(allowedKey).default([]).describe('The deploy keys that may be there.'),
    on_unknown: reaction().describe('What is done with a key that is not allowed.'),
    on_write_access: reaction().describe('What is done with a key that can write and is not allowed to.'),
    max_age: age().exactOptional().describe('A key older than this has expired.'),
    unused_for: age()
      .exactOptional()
      .describe('A key that was not used for so long has expired. A key never used counts from its creation.'),
    on_expired: reaction().describe('What is done with an expired key; an allowed one is only reported.'),
  })
  .describe('The deploy keys of the repository.');
