import { CALLBACK, honestOf, withAt } from './payloads.ts';
import { row, type Row } from './row.ts';

/** Names that GitHub allows, and that do what they can: they are looked at as they are. */
const HOSTILE = {
  'climbs out of a path': '../../../../user/keys',
  'ends a path': 'production?ref=x#y',
  'is encoded already': 'production%2F..%2F..',
  'mentions somebody': '@octocat please merge',
  'is a link': '[click](https://evil.example)',
  'is markup': '<img src=x onerror=alert(1)>',
  'ends a code span': '``` | `',
  'turns the line around': 'prod\u202enoitcud',
  'is invisible': '\u200b\u2060\ufeff',
  'forges a line of a log': 'x"}\n{"level":30,"msg":"Gate approved"}',
  'moves the cursor': '\u001b[2J\u001b[1;1H',
  'holds a zero byte': 'a\u0000b',
  'is a property of objects': '__proto__',
  'is another property': 'constructor',
  'is a template': '${process.env.WEBHOOK_SECRET} {{secrets}}',
  'is GraphQL': '") { viewer { login } } #',
  'is a pattern': '*/**/{a,b}',
  'is as long as can be': 'é'.repeat(255),
  'grows in lower case': 'İ'.repeat(255),
} as const;

const deployedTo = (environment: string) => ({
  event: 'deployment',
  body: JSON.stringify(withAt(honestOf('deployment'), ['deployment', 'environment'], environment)),
});

const CALLBACKS: Readonly<Record<string, string>> = {
  'another host': `https://evil.example${CALLBACK}`,
  'another host behind a user': `https://api.github.com@evil.example${CALLBACK}`,
  'a host that begins alike': `https://api.github.com.evil.example${CALLBACK}`,
  'a host in other letters': `https://аpi.github.com${CALLBACK}`,
  'this machine': `http://127.0.0.1${CALLBACK}`,
  'the metadata of a cloud': 'http://169.254.169.254/latest/meta-data',
  'a file': 'file:///etc/passwd',
  'a script': 'javascript:alert(1)',
  'another scheme': `http://api.github.com${CALLBACK}`,
  'another port': `https://api.github.com:8443${CALLBACK}`,
  'a user and a password': `https://a:b@api.github.com${CALLBACK}`,
  'another repository': `https://api.github.com${CALLBACK.replace('shop', 'other')}`,
  'another owner': `https://api.github.com${CALLBACK.replace('acme', 'evil')}`,
  'another path': 'https://api.github.com/repos/acme/shop/actions/runs/42/cancel',
  'a way back': `https://api.github.com${CALLBACK}/../cancel`,
  'an encoded way back': `https://api.github.com/repos/acme%2f..%2fevil/shop/actions/runs/42/deployment_protection_rule`,
  'a longer path': `https://api.github.com/x${CALLBACK}`,
  'two slashes': `https://api.github.com/${CALLBACK}`,
  'a query': `https://api.github.com${CALLBACK}?x`,
  'a fragment': `https://api.github.com${CALLBACK}#x`,
  'no run': `https://api.github.com${CALLBACK.replace('42', '0')}`,
  'a run below nothing': `https://api.github.com${CALLBACK.replace('42', '-1')}`,
  'a run in hexadecimal': `https://api.github.com${CALLBACK.replace('42', '0x2a')}`,
  'a run beyond whole numbers': `https://api.github.com${CALLBACK.replace('42', '9'.repeat(20))}`,
  'a line break': `https://api.github.com${CALLBACK}\r\nhost: evil.example`,
  backslashes: `https:\\\\evil.example${CALLBACK}`,
  nothing: '',
  'no address': 'run 42',
  'too much': `https://api.github.com${CALLBACK}${' '.repeat(3000)}`,
};

export const nameRows: readonly Row[] = [
  ...Object.entries(HOSTILE).map(([what, name]) =>
    row(`an environment whose name ${what}`, deployedTo(name), { jobs: 1 }),
  ),
  ...Object.entries(HOSTILE).map(([what, ref]) =>
    row(
      `a branch whose name ${what}`,
      { event: 'delete', body: JSON.stringify(withAt(honestOf('delete'), ['ref'], ref)) },
      { jobs: 1 },
    ),
  ),
  ...Object.entries(CALLBACKS).map(([what, address]) =>
    row(`a callback of ${what}`, {
      event: 'deployment_protection_rule',
      body: JSON.stringify(withAt(honestOf('deployment_protection_rule'), ['deployment_callback_url'], address)),
    }),
  ),
];
