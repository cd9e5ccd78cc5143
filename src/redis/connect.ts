import { Redis } from 'ioredis';

/** Redis, as the processes of a fleet share it. */
export interface RedisConnections {
  /** Answers now or not at all: a command while Redis is away is an error. For deliveries, and what can be done without. */
  readonly prompt: Redis;
  /** Waits until Redis is back. For what has to be written, however late. */
  readonly patient: Redis;
  /** Why Redis cannot be asked now; null when it can. */
  away(): string | null;
  close(): void;
}

/** Nobody could be reached at the address, or not with these credentials. The message has no credentials in it. */
export class RedisUnreachableError extends Error {
  override readonly name = 'RedisUnreachableError';
}

const CONNECT_TIMEOUT = 5000;
const COMMAND_TIMEOUT = 3000;
const LONGEST_PAUSE = 2000;

/**
 * Connects twice. Once connected, it comes back by itself for as long as it takes.
 * @throws RedisUnreachableError where the first attempt fails, or the database of the address cannot be had.
 */
export async function connectRedis(url: string): Promise<RedisConnections> {
  let reason = '';
  let connected = false;
  const common = {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT,
    retryStrategy: (attempt: number): number | null => (connected ? Math.min(50 * attempt, LONGEST_PAUSE) : null),
  };
  const prompt = new Redis(url, {
    ...common,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT,
  });
  const patient = new Redis(url, { ...common, maxRetriesPerRequest: null });
  for (const client of [prompt, patient]) {
    client.on('error', (error: Error) => {
      reason = describe(error);
    });
  }
  const close = (): void => {
    prompt.disconnect();
    patient.disconnect();
  };
  try {
    await Promise.all([prompt.connect(), patient.connect()]);
    await prompt.ping();
  } catch (error) {
    close();
    throw new RedisUnreachableError(reason === '' ? describe(error) : reason);
  }
  const database = prompt.options.db ?? 0;
  // ioredis asks for it as well, and goes on in another one where it is refused.
  if (database !== 0 && !(await canSelect(prompt, database))) {
    close();
    throw new RedisUnreachableError(`database ${database} cannot be selected`);
  }
  connected = true;
  return {
    prompt,
    patient,
    away: () => (prompt.status === 'ready' ? null : `Redis cannot be reached${reason === '' ? '' : `: ${reason}`}`),
    close,
  };
}

async function canSelect(client: Redis, database: number): Promise<boolean> {
  try {
    await client.select(database);
    return true;
  } catch {
    return false;
  }
}

/** A code where there is one: messages repeat the address, and some the password. */
function describe(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  const message = error instanceof Error ? error.message : '';
  return /^[A-Z]{3,} /.exec(message)?.[0].trim() ?? 'it closed the connection';
}
