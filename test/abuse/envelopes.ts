import { createHmac } from 'node:crypto';
import { SECRET, sign } from '../server/served.ts';
import { honest, honestOf } from './payloads.ts';
import { row, WEBHOOKS, type Row } from './row.ts';

const event = 'deployment';
const body = JSON.stringify(honestOf(event));
const delivery = { event, body };
const good = sign(body);
const hex = good.slice('sha256='.length);

const SIGNATURES: Readonly<Record<string, string>> = {
  'of another secret': sign(body, 'another'),
  'of no secret': sign(body, ''),
  "of Probot's secret": sign(body, 'development'),
  'of another body': sign(`${body} `),
  'of no body': sign(''),
  'in upper case': good.toUpperCase(),
  'in upper-case digits': `sha256=${hex.toUpperCase()}`,
  'without its name': hex,
  'of a longer name': `sha256==${hex}`,
  'cut by one': good.slice(0, -1),
  'longer by one': `${good}0`,
  'of zeros': `sha256=${'0'.repeat(64)}`,
  'that is empty': 'sha256=',
  'that is nothing': '',
  'that is a star': '*',
  'in base64': `sha256=${createHmac('sha256', SECRET).update(body).digest('base64')}`,
  'by SHA-1': `sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}`,
  'by SHA-512': `sha512=${createHmac('sha512', SECRET).update(body).digest('hex')}`,
  'of two': `${good},${good}`,
  'with a space': `sha256= ${hex.slice(1)}`,
  'of a kilobyte': `sha256=${hex.repeat(16)}`,
  'with letters beyond': `sha256=${hex.slice(0, -1)}g`,
};

/** One character changed, at each place of some. */
const flipped = [7, 8, 20, 39, 70].map((place) => {
  const other = good[place] === '0' ? '1' : '0';
  return [`with character ${place} changed`, good.slice(0, place) + other + good.slice(place + 1)] as const;
});

const CONTENT_TYPES = [
  'text/plain',
  'text/html; charset=utf-7',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/octet-stream',
  'image/png',
  `application/${'x'.repeat(2000)}`,
];

const EVENTS = [
  'star',
  'ping',
  '*',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'deployment.created',
  'DEPLOYMENT',
  'deployment,push',
  'x'.repeat(4000),
  'error',
  '../push',
];

const DELIVERIES = [
  '',
  ' ',
  'x'.repeat(65),
  '../../etc',
  '"}{"level":60',
  'a b',
  '<script>',
  'é',
  '%0a',
  '\u001b[2J'.slice(1),
];

const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const PATHS = [
  '/api/github',
  '/api/github/webhooks/',
  '/api/github/webhooks/x',
  '/api/github/WEBHOOKS',
  '//api/github/webhooks',
  '/api/github/webhooks%2f',
  '/api/github%2fwebhooks',
  '/webhooks',
  '/probot',
  '/.env',
  '/api/github/webhooks;x',
  '/healthz',
  '/readyz',
  '/metrics',
];

export const envelopeRows: readonly Row[] = [
  ...Object.entries(SIGNATURES).map(([what, signature]) =>
    row(`a signature ${what}`, delivery, { status: 401, headers: { 'x-hub-signature-256': signature } }),
  ),
  ...flipped.map(([what, signature]) =>
    row(`a signature ${what}`, delivery, { status: 401, headers: { 'x-hub-signature-256': signature } }),
  ),
  ...honest.map((one) =>
    row(
      `${one.event} that nobody signed`,
      { event: one.event, body: JSON.stringify(one.payload) },
      { status: 401, headers: { 'x-hub-signature-256': sign('x') } },
    ),
  ),
  ...CONTENT_TYPES.map((type) =>
    row(`a delivery that says to be ${type.slice(0, 40) || 'of no type'}`, delivery, {
      jobs: 1,
      headers: { 'content-type': type },
    }),
  ),
  ...['', 'x', '/'].map((type) =>
    row(`a delivery whose type is none: ${JSON.stringify(type)}`, delivery, {
      status: 415,
      headers: { 'content-type': type },
    }),
  ),
  ...EVENTS.map((name) => row(`the event ${name.slice(0, 40)}`, { event: name, body })),
  row('no event', { event: '', body }, { status: 400 }),
  ...DELIVERIES.map((id) =>
    row(`a delivery of the id ${JSON.stringify(id.slice(0, 20))}`, delivery, {
      status: 400,
      headers: { 'x-github-delivery': id },
    }),
  ),
  // A signature covers the body alone: an old body can be sent as another event, and says nothing there.
  ...honest
    .filter(
      (one) =>
        !['deployment', 'installation', 'installation_repositories', 'repository', 'deploy_key'].includes(one.event),
    )
    .map((one) => row(`a deployment that is sent as ${one.event}`, { event: one.event, body })),
  ...[1, 2, 3].map((time) => row(`a delivery that is played again: ${time}`, delivery, { jobs: 1 })),
  ...METHODS.map((method) => ({
    ...row(`the method ${method}`, delivery, { status: 404, method }),
    ...(['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method) ? { body: null } : {}),
  })),
  ...PATHS.map((path) => row(`a delivery to ${path}`, delivery, { status: 404, path })),
  row('a query behind the address', delivery, { jobs: 1, path: `${WEBHOOKS}?secret=x` }),
  row('the address that the registration page tells', delivery, { jobs: 1, path: '/' }),
];
