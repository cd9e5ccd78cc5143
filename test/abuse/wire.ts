import { connect } from 'node:net';
import { honestOf } from './payloads.ts';
import { signedHeaders, WEBHOOKS } from './row.ts';

const body = JSON.stringify(honestOf('deployment'));
const headers = Object.entries(signedHeaders('deployment', body)).map(([name, value]) => `${name}: ${value}`);

function post(more: readonly string[], rest = '', target = WEBHOOKS): string {
  return [`POST ${target} HTTP/1.1`, 'host: x', ...more].join('\r\n') + `\r\n\r\n${rest}`;
}

const length = `content-length: ${Buffer.byteLength(body)}`;
const chunked = 'transfer-encoding: chunked';
const chunk = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`;
const MEGABYTES = 25 * 1024 * 1024;

interface WireRow {
  readonly name: string;
  readonly bytes: string;
  /** 0: there is nothing to answer. */
  readonly status: number;
  /** The sender goes away after the last byte. */
  readonly cut?: boolean;
}

/** What no client would send, byte by byte. */
export const wireRows: readonly WireRow[] = [
  { name: 'a length and chunks at once', bytes: post([...headers, length, chunked], `${chunk}0\r\n\r\n`), status: 400 },
  { name: 'two lengths that differ', bytes: post([...headers, length, 'content-length: 1'], body), status: 400 },
  { name: 'a length below nothing', bytes: post([...headers, 'content-length: -1'], body), status: 400 },
  { name: 'a length in words', bytes: post([...headers, 'content-length: all'], body), status: 400 },
  {
    name: 'a length beyond whole numbers',
    bytes: post([...headers, `content-length: ${'9'.repeat(30)}`]),
    status: 400,
  },
  { name: 'a length of a terabyte', bytes: post([...headers, 'content-length: 1099511627776']), status: 413 },
  { name: 'a length of a byte too many', bytes: post([...headers, `content-length: ${MEGABYTES + 1}`]), status: 413 },
  { name: 'a chunk without a size', bytes: post([...headers, chunked], `z\r\n${body}\r\n`), status: 400 },
  { name: 'a chunk that is longer than it says', bytes: post([...headers, chunked], `1\r\n${body}\r\n`), status: 400 },
  { name: 'an encoding that nobody knows', bytes: post([...headers, 'transfer-encoding: zip'], body), status: 400 },
  {
    name: 'chunks that hide behind another encoding',
    bytes: post([...headers, 'transfer-encoding: chunked, zip'], body),
    status: 400,
  },
  { name: 'a header without an end', bytes: post([...headers, `x: ${'x'.repeat(100_000)}`]), status: 431 },
  {
    name: 'a thousand headers',
    bytes: post([...headers, ...Array.from({ length: 1000 }, (_, i) => `x-${i}: ${'y'.repeat(20)}`)]),
    status: 431,
  },
  { name: 'a header with a zero byte', bytes: post([...headers, 'x: a\u0000b', length], body), status: 400 },
  { name: 'a header with a line break', bytes: post([...headers, 'x: a\rb', length], body), status: 400 },
  { name: 'a header name with a space', bytes: post([...headers, 'x y: a', length], body), status: 400 },
  {
    name: 'two signatures',
    bytes: post([...headers, `x-hub-signature-256: sha256=${'0'.repeat(64)}`, length], body),
    status: 401,
  },
  { name: 'two events', bytes: post([...headers, 'x-github-event: push', length], body), status: 200 },
  { name: 'a delivery without a host', bytes: `POST ${WEBHOOKS} HTTP/1.1\r\n\r\n`, status: 400 },
  {
    name: 'an address with a way back',
    bytes: post([...headers, length], body, '/api/x/../github/webhooks'),
    status: 404,
  },
  { name: 'an address with a broken escape', bytes: post([...headers, length], body, '/api/%zz'), status: 400 },
  { name: 'an address of a kilobyte', bytes: post([...headers, length], body, `/${'x'.repeat(4000)}`), status: 404 },
  { name: 'another protocol', bytes: 'SSH-2.0-OpenSSH_9.6\r\n', status: 400 },
  { name: 'TLS', bytes: '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001', status: 400 },
  { name: 'an old protocol', bytes: `POST ${WEBHOOKS} HTTP/0.9\r\n\r\n`, status: 401 },
  { name: 'a body that is cut', bytes: post([...headers, length], body.slice(0, 20)), status: 400, cut: true },
  { name: 'a chunk that is cut', bytes: post([...headers, chunked], chunk.slice(0, 20)), status: 400, cut: true },
  { name: 'headers that are cut', bytes: `POST ${WEBHOOKS} HTTP/1.1\r\nhost: x\r\nx-hub`, status: 400, cut: true },
  { name: 'nothing at all', bytes: '', status: 0, cut: true },
];

/** Sends the bytes and resolves to the status of the answer: 0 where none came. */
export function sendBytes(server: { readonly url: string }, { bytes, cut = false }: WireRow): Promise<number> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      if (cut) socket.end(bytes, 'latin1');
      else socket.write(bytes, 'latin1');
    });
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0));
    });
  });
}
