import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGitHubClients, type GitHubClients } from '../../src/github/clients.ts';
import { connectProbot } from '../../src/github/connect.ts';
import { createMeter } from '../../src/github/meter.ts';
import { createSilentLogger } from '../../src/logging.ts';
import { createMetrics, type Metrics } from '../../src/metrics.ts';

/** What arrived: enough to tell what was asked, and by which token. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly etag: string | undefined;
  readonly body: string;
}

export type Answer = (response: ServerResponse, arrival: Arrival) => void;

export interface Loopback {
  /** As GHE_HOST has it. */
  readonly host: string;
  readonly clients: GitHubClients;
  readonly metrics: Metrics;
  /** Without the requests for tokens. */
  readonly arrivals: readonly Arrival[];
  readonly tokensMade: () => number;
  /** The answers to come, in order; the last one goes on. */
  answer(...answers: readonly Answer[]): void;
  answerTokens(answer: Answer | null): void;
  stop(): Promise<void>;
}

export const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** No answer at all. */
export const drop: Answer = (response) => {
  response.socket?.destroy();
};

/** Half of the body that was promised. */
export const cut: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"half":');
  setImmediate(() => response.socket?.destroy());
};

/** A GitHub Enterprise Server on loopback that says what it is told to, and the client towards it. */
export async function startLoopback(): Promise<Loopback> {
  const arrivals: Arrival[] = [];
  let script: Answer[] = [json({})];
  let tokens = 0;
  let tokenAnswer: Answer | null = null;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const path = request.url ?? '';
    const arrival: Arrival = {
      method: request.method ?? '',
      path,
      token: request.headers.authorization ?? '',
      etag: request.headers['if-none-match'],
      body,
    };
    if (path.endsWith('/access_tokens')) {
      tokens += 1;
      const expires_at = new Date(Date.now() + 3_600_000).toISOString();
      const answer = tokenAnswer ?? json({ token: `ghs_token${tokens}`, expires_at, permissions: {} }, 201);
      answer(response, arrival);
      return;
    }
    arrivals.push(arrival);
    const [answer] = script.length > 1 ? script.splice(0, 1) : script;
    answer?.(response, arrival);
  }

  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const metrics = createMetrics();
  const settings = {
    appId: 7,
    privateKey,
    webhookSecret: 'secret',
    baseUrl: `http://127.0.0.1:${port}/api/v3`,
    pacing: 'none',
  } as const;
  const connection = connectProbot({ settings, log: createSilentLogger(), meter: createMeter(metrics) });
  return {
    host: `127.0.0.1:${port}`,
    clients: createGitHubClients(connection, settings),
    metrics,
    arrivals,
    tokensMade: () => tokens,
    answer(...answers) {
      script = [...answers];
    },
    answerTokens(answer) {
      tokenAnswer = answer;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
