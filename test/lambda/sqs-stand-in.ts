import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFifoQueue, type FifoQueue } from './fifo-queue.ts';

/*
 * SQS on loopback, as far as a FIFO queue is used: it speaks the AWS JSON 1.0 protocol that AWS' own client speaks.
 * See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/.
 */

export interface SqsStandIn {
  /** Of the FIFO queue. */
  readonly url: string;
  readonly queue: FifoQueue;
  /** What was asked, in order: the names of the actions. */
  readonly actions: readonly string[];
  /** The next so many requests fail as a service that is down does. */
  fail(times: number): void;
  /** The next so many entries of batches are not taken; `ours` is SenderFault. */
  refuse(times: number, ours?: boolean): void;
  stop(): Promise<void>;
}

/** What functions need to sign their requests; nobody checks the signature. */
export const awsCredentials = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  AWS_REGION: 'eu-central-1',
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** An error as SQS names it. */
class SqsError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const MOST_BYTES = 1024 * 1024;
const NAME = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

export async function startSqs(): Promise<SqsStandIn> {
  const queue = createFifoQueue({ visibilityTimeout: 1800, maxReceiveCount: 5 });
  const actions: string[] = [];
  let failures = 0;
  let refusals: { times: number; ours: boolean } = { times: 0, ours: false };

  function take({ MessageBody: body, MessageGroupId: group, MessageDeduplicationId: deduplication }: Fields): Fields {
    if (typeof body !== 'string' || body === '') throw new SqsError('MissingParameter', 'MessageBody');
    if (typeof group !== 'string' || !NAME.test(group)) throw new SqsError('InvalidParameterValue', 'MessageGroupId');
    if (typeof deduplication !== 'string' || !NAME.test(deduplication)) {
      throw new SqsError('InvalidParameterValue', 'The queue should either have ContentBasedDeduplication or an id');
    }
    const { id, sequence } = queue.send({ body, group, deduplication });
    return { MessageId: id, SequenceNumber: sequence, MD5OfMessageBody: md5(body) };
  }

  /** The entries of a batch, each with an id of its own. */
  function entriesOf({ Entries }: Fields): readonly Fields[] {
    const entries = (Entries ?? []) as readonly Fields[];
    if (entries.length === 0) throw new SqsError('EmptyBatchRequest', 'no entries');
    if (entries.length > 10) throw new SqsError('TooManyEntriesInBatchRequest', 'more than ten');
    if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw new SqsError('BatchEntryIdsNotDistinct', '');
    const bytes = entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(String(MessageBody)), 0);
    if (bytes > MOST_BYTES) throw new SqsError('BatchRequestTooLong', `${bytes} bytes`);
    return entries;
  }

  function each(fields: Fields, act: (entry: Fields) => Fields): Fields {
    const Successful: Fields[] = [];
    const Failed: Fields[] = [];
    for (const entry of entriesOf(fields)) {
      const { Id } = entry;
      try {
        Successful.push({ Id, ...act(entry) });
      } catch (error) {
        const code = error instanceof SqsError ? error.code : 'ReceiptHandleIsInvalid';
        const { message } = error as Error;
        Failed.push({ Id, Code: code, Message: message, SenderFault: code !== 'InternalError' });
      }
    }
    return { Successful, Failed };
  }

  function refused(): void {
    if (refusals.times === 0) return;
    refusals.times -= 1;
    throw new SqsError(refusals.ours ? 'InvalidMessageContents' : 'InternalError', 'not taken');
  }

  async function act(action: string, fields: Fields): Promise<Fields> {
    switch (action) {
      case 'SendMessage':
        return take(fields);
      case 'SendMessageBatch':
        return each(fields, (entry) => {
          refused();
          return take(entry);
        });
      case 'ReceiveMessage': {
        const most = Number(fields['MaxNumberOfMessages'] ?? 1);
        if (most < 1 || most > 10) throw new SqsError('InvalidParameterValue', 'MaxNumberOfMessages');
        const messages = await queue.receiveWithin(most, Number(fields['WaitTimeSeconds'] ?? 0) * 1000);
        return {
          Messages: messages.map(({ id, receipt, body, group, receives }) => ({
            MessageId: id,
            ReceiptHandle: receipt,
            Body: body,
            MD5OfBody: md5(body),
            Attributes: { MessageGroupId: group, ApproximateReceiveCount: String(receives) },
          })),
        };
      }
      case 'DeleteMessageBatch':
        return each(fields, ({ ReceiptHandle }) => {
          queue.remove(String(ReceiptHandle));
          return {};
        });
      case 'ChangeMessageVisibilityBatch':
        return each(fields, ({ ReceiptHandle, VisibilityTimeout }) => {
          const seconds = Number(VisibilityTimeout);
          if (!(seconds >= 0 && seconds <= 43_200)) throw new SqsError('InvalidParameterValue', 'VisibilityTimeout');
          queue.hide(String(ReceiptHandle), seconds);
          return {};
        });
      case 'GetQueueAttributes':
        return { Attributes: { ApproximateNumberOfMessages: String(queue.waiting().length) } };
      default:
        throw new SqsError('InvalidAction', action);
    }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const action = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    actions.push(action);
    const reply = (status: number, body: Fields): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() });
      response.end(JSON.stringify(body));
    };
    try {
      if (failures > 0) {
        failures -= 1;
        reply(503, { __type: 'com.amazonaws.sqs#ServiceUnavailable', message: 'down' });
        return;
      }
      if (!/^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/[\w-]+\/sqs\//.test(request.headers.authorization ?? '')) {
        throw new SqsError('MissingAuthenticationToken', 'not signed');
      }
      const fields = JSON.parse(text) as Fields;
      if (fields['QueueUrl'] !== url) throw new SqsError('QueueDoesNotExist', String(fields['QueueUrl']));
      reply(200, await act(action, fields));
    } catch (error) {
      const code = error instanceof SqsError ? error.code : 'InternalError';
      const { message } = error as Error;
      reply(code === 'InternalError' ? 500 : 400, { __type: `com.amazonaws.sqs#${code}`, message });
    }
  }

  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/123456789012/jobs.fifo`;
  return {
    url,
    queue,
    actions,
    fail(times) {
      failures = times;
    },
    refuse(times, ours = false) {
      refusals = { times, ours };
    },
    stop: () =>
      new Promise((resolve) => {
        queue.close();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
