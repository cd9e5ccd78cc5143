import { z } from 'zod';
import { installationId } from '../github/trusted.ts';
import { readJob } from './job-schema.ts';
import type { Message } from './sqs-message.ts';

const sweep = z.object({ sweep: z.int().positive().transform(installationId) });

/** The message, or null where the text is none: whoever may write to the queue could have written it. */
export function readMessage(text: string): Message | null {
  const job = readJob(text);
  if (job !== null) return { kind: 'job', job };
  try {
    const parsed = sweep.safeParse(JSON.parse(text));
    return parsed.success ? { kind: 'installation', installation: parsed.data.sweep } : null;
  } catch {
    return null;
  }
}
