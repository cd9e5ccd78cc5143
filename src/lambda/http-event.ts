/*
 * What a gateway hands over: HTTP API (version 2.0) and REST API (1.0) events differ in where the method is, in the
 * case of the headers' names, and in what they leave null.
 */

export interface GatewayEvent {
  /** REST API. */
  readonly httpMethod?: string;
  /** HTTP API. */
  readonly requestContext?: { readonly http?: { readonly method?: string } };
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A delivery as the adapter takes it: headers in lower case, and the body as text. */
export interface PlainDelivery {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function readDelivery(event: GatewayEvent): PlainDelivery {
  const headers = Object.entries(event.headers ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), value] as const],
  );
  const body = event.body ?? '';
  return {
    method: event.requestContext?.http?.method ?? event.httpMethod ?? '',
    headers: Object.fromEntries(headers),
    body: event.isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body,
  };
}

export function answer(statusCode: number, message: string): GatewayAnswer {
  const headers = {
    'content-type': 'application/json',
    ...(statusCode === 503 ? { 'retry-after': '30' } : {}),
  };
  return { statusCode, headers, body: JSON.stringify({ message }) };
}
