import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Headers = Readonly<Record<string, string>>;

/** An HTTP API's event. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function httpApiEvent(body: string, headers: Headers, method = 'POST'): object {
  return {
    version: '2.0',
    routeKey: 'POST /api/github/webhooks',
    rawPath: '/api/github/webhooks',
    rawQueryString: '',
    headers,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.execute-api.eu-central-1.amazonaws.com',
      http: { method, path: '/api/github/webhooks', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'GitHub' },
      requestId: 'id',
      routeKey: 'POST /api/github/webhooks',
      stage: '$default',
      timeEpoch: 1772442000000,
    },
    body,
    isBase64Encoded: false,
  };
}

/** A REST API's event: names as they were sent, each value again in a list, and null for what there is none of. */
export function restApiEvent(body: string | null, headers: Headers | null, method = 'POST'): object {
  const upper = headers === null ? null : mapNames(headers, (name) => name.replace(/\b[a-z]/g, (c) => c.toUpperCase()));
  return {
    resource: '/api/github/webhooks',
    path: '/api/github/webhooks',
    httpMethod: method,
    headers: upper,
    multiValueHeaders: upper === null ? null : Object.fromEntries(Object.entries(upper).map(([k, v]) => [k, [v]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: { accountId: '123456789012', httpMethod: method, path: '/production', stage: 'production' },
    body,
    isBase64Encoded: false,
  };
}

export function inBase64(event: object, body: string): object {
  return { ...event, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}

export interface Gateway {
  readonly url: string;
  stop(): Promise<void>;
}

/** Hands what is posted to a function, as each kind of gateway in turn. */
export async function startGateway(call: (event: object) => Promise<unknown>): Promise<Gateway> {
  let count = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString('utf8');
      const headers = mapNames(request.headers as Headers, (name) => name);
      const events = [
        () => httpApiEvent(body, headers),
        () => restApiEvent(body, headers),
        () => inBase64(httpApiEvent('', headers), body),
      ];
      const event = events[count++ % events.length]?.() ?? {};
      const answer = (await call(event).catch(() => ({ statusCode: 502 }))) as { statusCode: number; body?: string };
      response.writeHead(answer.statusCode).end(answer.body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function mapNames(headers: Headers, rename: (name: string) => string): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [rename(name), value]));
}
