import { sign } from '../server/served.ts';

/** One hostile delivery, and what it has to be answered with. */
export interface Row {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  readonly status: number;
  /** How many jobs come of it. */
  readonly jobs: number;
}

export const WEBHOOKS = '/api/github/webhooks';

/** The headers of a delivery of GitHub's, whose signature fits. */
export function signedHeaders(event: string, body: string | Buffer): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': sign(body),
  };
}

/** A delivery that is as GitHub would send it, unless `more` says otherwise: signed, and expected to do nothing. */
export function row(
  name: string,
  delivery: { readonly event: string; readonly body: string | Buffer },
  more: Partial<Pick<Row, 'method' | 'path' | 'headers' | 'status' | 'jobs'>> = {},
): Row {
  const { headers = {}, ...rest } = more;
  return {
    name,
    method: 'POST',
    path: WEBHOOKS,
    body: Buffer.from(delivery.body),
    status: 200,
    jobs: 0,
    ...rest,
    headers: { ...signedHeaders(delivery.event, delivery.body), ...headers },
  };
}
