import { honestOf, press, withAt, type Json } from './payloads.ts';
import { row, type Row } from './row.ts';

/** What each kind of field must never be taken for. */
const WRONG = {
  id: {
    null: null,
    text: '7',
    zero: 0,
    negative: -1,
    fraction: 1.5,
    'beyond whole numbers': 2 ** 60,
    list: [7],
    object: { id: 7 },
    true: true,
  },
  login: {
    null: null,
    number: 7,
    empty: '',
    dots: '..',
    slash: 'acme/shop',
    space: 'ac me',
    newline: 'acme\n',
    'a zero byte': 'acme\u0000',
    long: 'a'.repeat(101),
    'half a character': '\ud800',
    object: {},
  },
  repository: {
    null: null,
    number: 7,
    empty: '',
    dots: '..',
    dot: '.',
    slash: 'shop/../other',
    query: 'shop?x',
    escape: 'shop%2f..',
    long: 'a'.repeat(101),
    'half a character': 'shop\udfff',
    list: ['shop'],
  },
  environment: {
    number: 7,
    empty: '',
    dots: '..',
    long: 'x'.repeat(256),
    'half a character': 'review/\ud800',
    'the other half': '\udc00x',
    list: ['production'],
    object: { name: 'production' },
    true: true,
  },
  ref: {
    null: null,
    number: 7,
    empty: '',
    long: 'x'.repeat(1025),
    'half a character': 'feature/\ud83d',
    list: ['feature'],
    object: {},
  },
  sha: {
    null: null,
    number: 7,
    empty: '',
    short: 'abc1234',
    branch: 'main',
    upper: 'A'.repeat(40),
    long: 'a'.repeat(41),
    newline: `${'a'.repeat(40)}\n`,
    path: '../'.repeat(14).slice(0, 40),
    list: ['a'.repeat(40)],
  },
  action: { null: null, number: 7, list: ['created'], object: {}, unknown: 'exploded', __proto__: '__proto__' },
  moment: {
    null: null,
    number: 0,
    text: 'yesterday',
    empty: '',
    list: [],
    long: `2026-03-02T09:00:00${'0'.repeat(2000)}Z`,
  },
  object: { null: null, text: 'x', number: 1, list: [], true: true },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Json>>>>;

type Kind = keyof typeof WRONG;

/** Every field that has to be right for a delivery to be followed, by event. */
const FIELDS: readonly [event: string, path: string, kind: Kind][] = [
  ['deployment', 'installation', 'object'],
  ['deployment', 'installation.id', 'id'],
  ['deployment', 'repository', 'object'],
  ['deployment', 'repository.id', 'id'],
  ['deployment', 'repository.name', 'repository'],
  ['deployment', 'repository.owner', 'object'],
  ['deployment', 'repository.owner.login', 'login'],
  ['deployment', 'action', 'action'],
  ['deployment', 'deployment', 'object'],
  ['deployment', 'deployment.id', 'id'],
  ['deployment', 'deployment.environment', 'environment'],
  ['deployment', 'deployment.original_environment', 'environment'],
  ['deployment', 'deployment.created_at', 'moment'],
  ['deployment', 'deployment.ref', 'ref'],
  ['deployment', 'deployment.sha', 'sha'],
  ['deployment_status', 'action', 'action'],
  ['deployment_status', 'deployment.id', 'id'],
  ['deployment_status', 'deployment_status', 'object'],
  ['deployment_status', 'deployment_status.environment', 'environment'],
  ['deployment_protection_rule', 'action', 'action'],
  ['deployment_protection_rule', 'environment', 'environment'],
  ['deployment_protection_rule', 'deployment.sha', 'sha'],
  ['check_run', 'check_run', 'object'],
  ['check_run', 'check_run.head_sha', 'sha'],
  ['check_run', 'action', 'action'],
  ['delete', 'ref', 'ref'],
  ['delete', 'ref_type', 'action'],
  ['deploy_key', 'action', 'action'],
  ['installation', 'installation.id', 'id'],
  ['installation', 'action', 'action'],
  ['installation', 'repositories.0.id', 'id'],
  ['installation', 'repositories.0.full_name', 'login'],
  ['installation_repositories', 'repositories_added.0.id', 'id'],
  ['pull_request', 'action', 'action'],
  ['pull_request', 'pull_request', 'object'],
  ['pull_request', 'pull_request.number', 'id'],
  ['pull_request', 'pull_request.head.ref', 'ref'],
  ['pull_request', 'pull_request.base.ref', 'ref'],
  ['pull_request_review', 'action', 'action'],
  ['pull_request_review', 'pull_request.number', 'id'],
  ['push', 'ref', 'ref'],
  ['push', 'commits.0', 'object'],
  ['repository', 'action', 'action'],
  ['status', 'sha', 'sha'],
  ['workflow_run', 'action', 'action'],
  ['workflow_run', 'workflow_run', 'object'],
  ['workflow_run', 'workflow_run.head_sha', 'sha'],
];

const PRESS_FIELDS: readonly [path: string, kind: Kind][] = [
  ['sender', 'object'],
  ['sender.login', 'login'],
  ['requested_action', 'object'],
  ['requested_action.identifier', 'action'],
  ['check_run.head_sha', 'sha'],
];

/** A full name is no login, and `acme/shop` is a good one. */
const FITS: ReadonlySet<string> = new Set(['installation.repositories.0.full_name.slash']);

/** A delivery that is right but for one field, for each field and each wrong value: it is answered, and does nothing. */
export const fieldRows: readonly Row[] = [
  ...FIELDS.flatMap(([event, path, kind]) => spoilt({ name: event, event, payload: honestOf(event), path, kind })),
  ...PRESS_FIELDS.flatMap(([path, kind]) =>
    spoilt({ name: 'a press of a button', event: 'check_run', payload: press, path, kind }),
  ),
];

function spoilt(field: {
  readonly name: string;
  readonly event: string;
  readonly payload: Json;
  readonly path: string;
  readonly kind: Kind;
}): readonly Row[] {
  const { name, event, payload, path, kind } = field;
  return Object.entries<Json>(WRONG[kind])
    .filter(([what]) => !FITS.has(`${event}.${path}.${what}`))
    .map(([what, value]) =>
      row(`${name} whose ${path} is wrong: ${what}`, {
        event,
        body: JSON.stringify(withAt(payload, path.split('.'), value)),
      }),
    );
}
