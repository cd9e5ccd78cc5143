import { createHash, randomUUID } from 'node:crypto';
import type { InstallationId } from '../github/ids.ts';
import { jobKey, type Job } from './job.ts';

/** What waits in SQS: a job, or an installation whose repositories a delivery did not name. */
export type Message =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'installation'; readonly installation: InstallationId };

/** A message as SQS takes it. */
export interface Entry {
  readonly group: string;
  readonly deduplication: string;
  readonly body: string;
}

/** Messages of the same key are for one run. */
export function messageKey(message: Message): string {
  return message.kind === 'job' ? jobKey(message.job) : `${message.installation}/installation`;
}

/**
 * Messages of one group are handed out one after the other. Every message has a deduplication id of its own: SQS would
 * swallow a second look within five minutes, which is the one that sees the new state.
 */
export function writeMessage(message: Message): Entry {
  const body = message.kind === 'job' ? JSON.stringify(message.job) : JSON.stringify({ sweep: message.installation });
  return { group: groupOf(messageKey(message)), deduplication: randomUUID(), body };
}

/**
 * 128 of the characters that SQS allows.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const GROUP = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

/** The key, or what stands for it where SQS does not allow it. */
export function groupOf(key: string): string {
  if (GROUP.test(key)) return key;
  const [installation = '', repository = ''] = key.split('/', 2);
  return `${installation}/${repository}/${createHash('sha256').update(key).digest('hex')}`;
}
