import type * as Sdk from '@aws-sdk/client-sqs';
import type { Entry } from './sqs-message.ts';

/** What is asked of SQS, about one queue. Every function rejects with what AWS' client throws. */
export interface Sqs {
  /** Resolves to the entries that were not taken, with the reason; `ours` where sending it again would not help. */
  enqueue(entries: readonly Entry[]): Promise<readonly Unsent[]>;
  /** Waits up to `seconds` for messages to come. */
  receive(seconds: number, signal: AbortSignal): Promise<readonly Received[]>;
  remove(receipts: readonly string[]): Promise<void>;
  /** Hands the messages out again after so many seconds. */
  putOff(receipts: readonly string[], seconds: number): Promise<void>;
  /** About how many messages wait. */
  waiting(): Promise<number>;
}

export interface Unsent {
  readonly entry: Entry;
  readonly reason: string;
  readonly ours: boolean;
}

export interface Received {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  readonly group: string;
  /** How often it has been handed out, this time included. */
  readonly receives: number;
}

/** SQS takes and gives so many at once. */
export const MOST_IN_A_BATCH = 10;

/** Milliseconds: who delivers gives up after ten seconds. */
const CONNECT_TIMEOUT = 1000;
const REQUEST_TIMEOUT = 3000;
/** Longer than it waits for messages. */
const RECEIVE_TIMEOUT = 30_000;

/**
 * AWS' own client for the queue at `url`, imported when it is first asked for: it takes longer to load than all the rest.
 * Credentials are looked for where AWS' tools look.
 */
export function connectSqs(url: string): Sqs {
  let connected: Promise<Connected> | null = null;
  const connect = (): Promise<Connected> => (connected ??= load(url));

  return {
    async enqueue(entries) {
      const { sdk, client } = await connect();
      const { Failed = [] } = await client.send(
        new sdk.SendMessageBatchCommand({
          QueueUrl: url,
          Entries: entries.map(({ group, deduplication, body }, i) => ({
            Id: String(i),
            MessageBody: body,
            MessageGroupId: group,
            MessageDeduplicationId: deduplication,
          })),
        }),
      );
      return Failed.flatMap(({ Id, Code, Message, SenderFault }) => {
        const entry = entries[Number(Id)];
        return entry === undefined
          ? []
          : [{ entry, reason: Message ?? Code ?? 'no reason given', ours: SenderFault === true }];
      });
    },
    async receive(seconds, signal) {
      const { sdk, client } = await connect();
      const { Messages = [] } = await client.send(
        new sdk.ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: MOST_IN_A_BATCH,
          WaitTimeSeconds: seconds,
          MessageSystemAttributeNames: ['MessageGroupId', 'ApproximateReceiveCount'],
        }),
        { requestTimeout: RECEIVE_TIMEOUT, abortSignal: signal },
      );
      return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} }) => ({
        id: MessageId,
        receipt: ReceiptHandle,
        body: Body,
        group: Attributes.MessageGroupId ?? '',
        receives: Number(Attributes.ApproximateReceiveCount ?? 1),
      }));
    },
    async remove(receipts) {
      const { sdk, client } = await connect();
      await client.send(
        new sdk.DeleteMessageBatchCommand({
          QueueUrl: url,
          Entries: receipts.map((receipt, i) => ({ Id: String(i), ReceiptHandle: receipt })),
        }),
      );
    },
    async putOff(receipts, seconds) {
      const { sdk, client } = await connect();
      await client.send(
        new sdk.ChangeMessageVisibilityBatchCommand({
          QueueUrl: url,
          Entries: receipts.map((receipt, i) => ({
            Id: String(i),
            ReceiptHandle: receipt,
            VisibilityTimeout: seconds,
          })),
        }),
      );
    },
    async waiting() {
      const { sdk, client } = await connect();
      const { Attributes } = await client.send(
        new sdk.GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    },
  };
}

interface Connected {
  readonly sdk: typeof Sdk;
  readonly client: Sdk.SQSClient;
}

async function load(url: string): Promise<Connected> {
  const sdk = await import('@aws-sdk/client-sqs');
  const region = regionOf(url);
  const client = new sdk.SQSClient({
    ...(region === null ? {} : { region }),
    endpoint: new URL(url).origin,
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      throwOnRequestTimeout: true,
    },
  });
  return { sdk, client };
}

/** A queue is in the region that its address names; elsewhere (an endpoint of one's own) the environment says which. */
export function regionOf(url: string): string | null {
  return (
    /^https?:\/\/(?:sqs\.|[\w-]+\.sqs\.)?(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\./.exec(url)?.groups?.['region'] ?? null
  );
}
