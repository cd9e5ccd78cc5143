import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { findTooMuchAuthority } from '../scenarios/authority.ts';
import { breachesOf, withReportMode, type Brake } from '../scenarios/brake.ts';
import { findSecrets } from '../scenarios/secrets.ts';
import type { LoggedRequest } from '../simulator/index.ts';

// A process that plays hundreds of histories takes what a busy machine makes it take.
jest.setTimeout(900_000);

interface Played {
  readonly brake: Brake;
  readonly histories: number;
  /** Those that did not come to their end. */
  readonly broken: readonly string[];
  readonly breaches: readonly string[];
  readonly scenarios: number;
  /** How often the server said what it would have done. */
  readonly told: number;
}

// BRAKES=all plays each under both, as CI does; else one in twenty.
describe('over the history of every scenario', () => {
  let all: readonly Played[];
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['test/brakes/play.mjs'], { maxBuffer: 2 ** 24 });
    all = JSON.parse(stdout) as readonly Played[];
  });

  test.each<[string, Brake]>([
    ['mode: report sends nothing but check runs and answers of protection rules', 'report'],
    ['OBSERVE_ONLY sends nothing at all', 'observe'],
  ])('%s', (_promise, brake) => {
    const [played, ...others] = all.filter((one) => one.brake === brake);
    expect(others).toEqual([]);
    expect(played?.breaches).toEqual([]);
    // There was something to hold back.
    const { histories = 0, scenarios = 0, told = 0, broken = [] } = played ?? {};
    expect(scenarios).toBeGreaterThanOrEqual(histories);
    expect(histories).toBeGreaterThan(10);
    expect(told).toBeGreaterThan(histories);
    // Who is to press a button of a check run that is not there, or waits for what was not made, cannot go on.
    expect(broken.slice(histories / 3)).toEqual([]);
  });
});

const NARROW = { repositories: [1], permissions: { metadata: 'read', deployments: 'write' } } as const;

function written(more: Partial<LoggedRequest> = {}) {
  const request = {
    route: 'POST /repos/{owner}/{repo}/deployments',
    operation: null,
    path: '/x',
    narrowed: NARROW,
    ...more,
  };
  return { requests: { written: () => [request as LoggedRequest] } } as unknown as Parameters<typeof breachesOf>[0];
}

describe('what every scenario is checked for is found where it is', () => {
  const privateKey = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(4)}\nend\n`;
  const secrets = { privateKey, webhookSecret: 'a secret of the simulator' };
  const nothing = { log: '', metrics: '', written: '' };

  test.each([
    ["an installation's token", 'token ghs_abc'],
    ["a person's token", '"ghp_1"'],
    ['a fine-grained token', 'github_pat_11AA'],
    ['a JSON Web Token', 'bearer eyJhbGciOi.eyJpYXQi.x'],
    ['a signature', 'sha256=0123'],
    ['a header', '{"Authorization":"x"}'],
    ['a private key', '-----BEGIN PRIVATE KEY-----'],
    ['a line of the key', 'MIIEowIBAAKCAQEA'.repeat(4)],
    ['the secret of the webhooks', 'it is a secret of the simulator.'],
  ])('%s in the log, the metrics or what was written', (_what, text) => {
    for (const where of ['log', 'metrics', 'written']) {
      expect(findSecrets({ ...nothing, [where]: text }, secrets)).not.toEqual([]);
    }
  });

  test('nothing is found in what is none', () => {
    const harmless = 'token of the installation: HTTP 422; SHA256:3Jx fingerprint; ghs and github_patience';
    expect(findSecrets({ log: harmless, metrics: harmless, written: harmless }, secrets)).toEqual([]);
  });

  test.each<[string, LoggedRequest['narrowed']]>([
    ['all repositories', null],
    ['two repositories', { ...NARROW, repositories: [1, 2] }],
    ['more than one kind of thing', { ...NARROW, permissions: { ...NARROW.permissions, checks: 'write' } }],
  ])('a write with a token for %s', (_what, narrowed) => {
    expect(findTooMuchAuthority(written({ narrowed }))).toHaveLength(1);
    expect(findTooMuchAuthority(written())).toEqual([]);
  });

  test('a write in spite of a brake', () => {
    const check = written({ route: 'POST /repos/{owner}/{repo}/check-runs' });
    expect(breachesOf(written(), 'report')).toHaveLength(1);
    expect(breachesOf(check, 'report')).toEqual([]);
    expect(breachesOf(check, 'observe')).toHaveLength(1);
  });

  test.each([
    ['version: 1\n', 'mode: report\nversion: 1\n'],
    ['version: 1\nmode: enforce\nlimits: {}\n', 'mode: report\nversion: 1\nlimits: {}\n'],
    ['{"version":1}', '{"mode":"report","version":1}'],
    ['{"version":1,"mode":"enforce"}', '{"mode":"report","version":1}'],
  ])('the policy %j is put under the brake', (text, braked) => {
    expect(withReportMode('.github/deployments.yml', text)).toBe(braked);
    expect(withReportMode('README.md', text)).toBe(text);
  });
});
