import { gzipSync } from 'node:zlib';
import { honest, honestOf, withAt, type Json } from './payloads.ts';
import { row, type Row } from './row.ts';

const event = 'deployment';
const whole = JSON.stringify(honestOf(event));
const DEEP = 200_000;

/** Signed, and not JSON of an object. */
const BROKEN: Readonly<Record<string, string | Buffer>> = {
  'a space': ' ',
  'a cut object': whole.slice(0, -1),
  'half of it': whole.slice(0, whole.length / 2),
  'twice the same': whole + whole,
  'more after its end': `${whole}}`,
  null: 'null',
  'a list': `[${whole}]`,
  'a number': '7',
  'a text': '"text"',
  true: 'true',
  'not a number': 'NaN',
  'single quotes': "{'action':'created'}",
  'a comment': `/* */${whole}`,
  'a comma too many': '{"action":"created",}',
  'a key without quotes': '{action:"created"}',
  'a byte order mark': `\ufeff${whole}`,
  'a zero byte': `${whole}\u0000`,
  'a line break in a text': '{"action":"crea\nted"}',
  'a form': `payload=${encodeURIComponent(whole)}`,
  XML: '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
  YAML: 'action: created',
  'a script': `)]}',\n${whole}`,
  'many lists': '['.repeat(DEEP),
  'many lists that end': '['.repeat(DEEP) + ']'.repeat(DEEP),
  'many objects without an end': '{"a":'.repeat(DEEP),
  'a number of many digits': '9'.repeat(100_000),
};

/** Bytes that are no text: the signature is of the bytes, and what was read is something else. */
const BYTES: Readonly<Record<string, Buffer>> = {
  zipped: gzipSync(whole),
  'in UTF-16': Buffer.from(`\ufeff${whole}`, 'utf16le'),
  'a wrong byte': Buffer.concat([Buffer.from(whole), Buffer.from([0xff])]),
  'half a character in bytes': Buffer.from([0x7b, 0xed, 0xa0, 0x80, 0x7d]),
  noise: Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 197) % 256)),
};

const deepObject = '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP);
const wide = `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":${i}`).join(',')}}`;

/** JSON of an object that is strange where nobody looks, or where somebody does: the jobs that come of it. */
const STRANGE: readonly [name: string, body: string, jobs: number][] = [
  ['a deep object beside what is read', `{"x":${deepObject},${whole.slice(1)}`, 1],
  ['a deep list beside what is read', `{"x":${'['.repeat(DEEP)}${']'.repeat(DEEP)},${whole.slice(1)}`, 1],
  [
    'a deep object in the place of the deployment',
    whole.replace(/"deployment":\{[^}]*\}/, `"deployment":${deepObject}`),
    0,
  ],
  ['many keys', `{"x":${wide},${whole.slice(1)}`, 1],
  ['a megabyte of text', `{"x":"${'é'.repeat(500_000)}",${whole.slice(1)}`, 1],
  [
    'a megabyte in the place of a name',
    JSON.stringify(withAt(honestOf(event), ['deployment', 'environment'], 'x'.repeat(1_000_000))),
    0,
  ],
  ['half a character beside what is read', `{"x":"\\ud800",${whole.slice(1)}`, 1],
  ['a key twice: the last one counts', `{"installation":{"id":-1},${whole.slice(1)}`, 1],
  ['a key twice, the last one wrong', `${whole.slice(0, -1)},"installation":{"id":-1}}`, 0],
  ['an empty object', '{}', 0],
  ['spaces around it', ` \n\t${whole}\r\n `, 1],
];

/** Keys that would change every object, were they ever merged into one. */
const POLLUTING: readonly [name: string, pollute: (payload: string) => string, jobs: number][] = [
  ['__proto__ at the top', (payload) => `{"__proto__":{"polluted":true},${payload.slice(1)}`, 1],
  ['constructor at the top', (payload) => `{"constructor":{"prototype":{"polluted":true}},${payload.slice(1)}`, 1],
  [
    '__proto__ in the installation',
    (payload) => payload.replace('"installation":{', '"installation":{"__proto__":{"polluted":true},'),
    1,
  ],
  [
    'an installation that is inherited',
    (payload) => payload.replace('"installation":{"id":5}', '"installation":{"__proto__":{"id":5}}'),
    0,
  ],
  ['everything inherited', (payload) => `{"__proto__":${payload}}`, 0],
];

export const bodyRows: readonly Row[] = [
  ...Object.entries(BROKEN).map(([what, body]) =>
    row(`a signed body that is ${what}`, { event, body }, { status: 400 }),
  ),
  row('a signed body of nothing', { event, body: '' }, { status: 401 }),
  ...Object.entries(BYTES).map(([what, body]) =>
    row(`a signed body that is ${what}`, { event, body }, { status: 401 }),
  ),
  ...STRANGE.map(([what, body, jobs]) => row(`a body with ${what}`, { event, body }, { jobs })),
  ...honest.flatMap((one) =>
    POLLUTING.map(([what, pollute, jobs]) =>
      row(
        `${one.event} with ${what}`,
        { event: one.event, body: pollute(JSON.stringify(one.payload)) },
        { jobs: jobs * one.jobs },
      ),
    ),
  ),
  ...honest.map((one) => row(`${one.event} without anything in it`, { event: one.event, body: '{}' })),
  ...honest.flatMap((one) =>
    (['installation', 'repository'] as const).flatMap((part) => {
      const payload = one.payload as Readonly<Record<string, Json>>;
      if (!(part in payload)) return [];
      return [
        row(`${one.event} without ${part}`, {
          event: one.event,
          body: JSON.stringify(withAt(payload, [part], undefined)),
        }),
      ];
    }),
  ),
];
