import { createPrivateKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { getPrivateKey } from '@probot/get-private-key';
import { z } from 'zod';
import { duration, flag, given, host, oneOf, redisAddress, wholeNumber } from './settings/parsers.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that the process is told from outside, read once. */
export interface Settings {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** Where REST is: `https://api.github.com`, or an Enterprise Server's `…/api/v3`. */
  readonly baseUrl: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'pretty';
  readonly sentryDsn: string | null;
  readonly queue: QueueSettings;
  /** Jobs at once in this process. */
  readonly concurrency: number;
  /** Waiting jobs before a delivery is turned away. */
  readonly queueLimit: number;
  /** Milliseconds between two starts of the same job. */
  readonly spacing: number;
  /** Milliseconds; 0: no sweep. */
  readonly sweepInterval: number;
  /** Decides and logs, and writes nothing at all. */
  readonly observeOnly: boolean;
  /**
   * `none` leaves out the pauses that GitHub asks for, and `second` makes time run faster: a second of GitHub's takes so
   * many milliseconds. Only simulators are asked so.
   */
  readonly pacing: 'github' | 'none' | { readonly second: number };
}

/** Where jobs wait. */
export type QueueSettings =
  | { readonly kind: 'memory' }
  /** The address may hold a password. */
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'sqs'; readonly url: string };

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The process must not start. The message is one line, for people, and names the variable. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** The longest delay that Node's timers can hold, rounded down to whole days. */
const LONGEST_SWEEP_INTERVAL = 24 * 24 * 60 * 60 * 1000;

/** Shorter than any key of an app, however that is written. */
const LONGEST_PATH = 250;

const variables = z.object({
  APP_ID: given('the number in the settings of the GitHub App').pipe(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
  WEBHOOK_SECRET: given('the secret in the settings of the GitHub App').refine(
    (value) => value !== 'development',
    "must not be 'development', which is Probot's default and known to everybody",
  ),
  GHE_HOST: host().optional(),
  GHE_PROTOCOL: oneOf(['https', 'http']).default('https'),
  HOST: z.string().default('localhost'),
  PORT: wholeNumber(0, 65_535).default(3000),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  LOG_FORMAT: oneOf(['json', 'pretty']).default('json'),
  SENTRY_DSN: z.url('must be a URL').nullable().default(null),
  QUEUE: oneOf(['memory', 'redis', 'sqs']).optional(),
  REDIS_URL: redisAddress().optional(),
  SQS_QUEUE_URL: z.url({ protocol: /^https?$/, error: 'must be the https address of a queue' }).optional(),
  CONCURRENCY: wholeNumber(1, 1000).default(16),
  QUEUE_LIMIT: wholeNumber(1, 100_000_000).default(100_000),
  SWEEP_INTERVAL: duration(LONGEST_SWEEP_INTERVAL).default(15 * 60_000),
  OBSERVE_ONLY: flag().default(false),
  GITHUB_PACING: oneOf(['on', 'off']).default('on'),
});

const schema = variables.superRefine((values, context) => {
  const { QUEUE, REDIS_URL, SQS_QUEUE_URL } = values;
  const refuse = (variable: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [variable], message });
  };
  if (QUEUE === 'redis' && REDIS_URL === undefined) {
    refuse('REDIS_URL', 'is missing: set it to the address of the Redis that QUEUE=redis asks for');
  }
  if (QUEUE === 'sqs' && SQS_QUEUE_URL === undefined) {
    refuse('SQS_QUEUE_URL', 'is missing: set it to the address of the FIFO queue that QUEUE=sqs asks for');
  }
});

/** Whether there is an app at all. Without one, the server helps to register it. */
export function isRegistered(environment: Environment): boolean {
  return (environment['APP_ID'] ?? '') !== '';
}

/**
 * Reads the variables of docs and interfaces into one frozen object. An empty variable counts as absent.
 * @param cwd where a relative PRIVATE_KEY_PATH starts.
 * @throws SettingsError for the first thing that is wrong.
 */
export function readSettings(environment: Environment, cwd: string): Settings {
  const present = withoutEmpty(environment);
  const parsed = schema.safeParse(present);
  if (!parsed.success) throw refusal(parsed.error);
  const values = parsed.data;
  return Object.freeze({
    appId: values.APP_ID,
    privateKey: readPrivateKey(present, cwd),
    webhookSecret: values.WEBHOOK_SECRET,
    baseUrl:
      values.GHE_HOST === undefined ? 'https://api.github.com' : `${values.GHE_PROTOCOL}://${values.GHE_HOST}/api/v3`,
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    sentryDsn: values.SENTRY_DSN,
    queue: readQueue(values),
    concurrency: values.CONCURRENCY,
    queueLimit: values.QUEUE_LIMIT,
    spacing: values.GITHUB_PACING === 'off' ? 0 : 1000,
    sweepInterval: values.SWEEP_INTERVAL,
    observeOnly: values.OBSERVE_ONLY,
    pacing: values.GITHUB_PACING === 'off' ? 'none' : 'github',
  });
}

/** Where nobody says which, Redis goes first. */
function readQueue({ QUEUE, REDIS_URL, SQS_QUEUE_URL }: z.output<typeof variables>): QueueSettings {
  const isRedis = QUEUE === 'redis' || QUEUE === undefined;
  if (isRedis && REDIS_URL !== undefined) return { kind: 'redis', url: REDIS_URL };
  const isSqs = QUEUE === 'sqs' || QUEUE === undefined;
  return isSqs && SQS_QUEUE_URL !== undefined ? { kind: 'sqs', url: SQS_QUEUE_URL } : { kind: 'memory' };
}

/**
 * Where to listen, for when there are no other settings yet.
 * @throws SettingsError
 */
export function readAddress(environment: Environment): Pick<Settings, 'host' | 'port'> {
  const parsed = variables.pick({ HOST: true, PORT: true }).safeParse(withoutEmpty(environment));
  if (!parsed.success) throw refusal(parsed.error);
  return { host: parsed.data.HOST, port: parsed.data.PORT };
}

function refusal(error: z.ZodError): SettingsError {
  const [issue] = error.issues;
  return new SettingsError(`${issue?.path.join('.') ?? 'The environment'} ${oneLine(issue?.message)}`);
}

/** As Probot reads it: raw, with `\n` written out, in base64, from a path, or the one `*.pem` in `cwd`. */
function readPrivateKey(environment: Environment, cwd: string): string {
  const path = environment['PRIVATE_KEY'] === undefined ? environment['PRIVATE_KEY_PATH'] : undefined;
  const variable = path === undefined ? 'PRIVATE_KEY' : 'PRIVATE_KEY_PATH';
  if (path !== undefined && !existsSync(resolve(cwd, path))) {
    // What is longer than a path may be the key itself, in the wrong place.
    throw new SettingsError(
      `PRIVATE_KEY_PATH: there is no ${path.length > LONGEST_PATH ? 'such file' : `file ${path}`}`,
    );
  }
  let key: string | null;
  try {
    key = getPrivateKey({ env: environment, cwd });
  } catch {
    throw new SettingsError(`${variable} cannot be read as the private key of a GitHub App`);
  }
  if (key === null)
    throw new SettingsError('PRIVATE_KEY is missing: set it, or PRIVATE_KEY_PATH, to the key of the app');
  try {
    createPrivateKey(key);
  } catch {
    throw new SettingsError(`${variable} cannot be read as the private key of a GitHub App`);
  }
  return key;
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
}

function oneLine(message: string | undefined): string {
  return (message ?? 'is not as it should be').replace(/\s+/g, ' ');
}
