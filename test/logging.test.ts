import { describe, expect, test } from '@jest/globals';
import { createLogger, describeError } from '../src/logging.ts';
import { GitHubError } from '../src/github/port.ts';

async function logged(
  write: (log: Awaited<ReturnType<typeof createLogger>>) => void,
  more: object = {},
): Promise<string> {
  let text = '';
  const destination = { write: (line: string) => void (text += line) };
  write(await createLogger({ logLevel: 'debug', logFormat: 'json', sentryDsn: null, ...more }, destination));
  return text;
}

describe('a line', () => {
  test('is one JSON object, with its time, its level and what it says', async () => {
    const text = await logged((log) => {
      log.info({ repository: 'acme/shop', event: 'push' }, 'decision');
    });
    expect(text.endsWith('\n')).toBe(true);
    expect(JSON.parse(text)).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
      name: 'lockkeeper',
      repository: 'acme/shop',
      event: 'push',
      msg: 'decision',
    });
  });

  test('below the level is not written', async () => {
    const text = await logged(
      (log) => {
        log.debug('small');
      },
      { logLevel: 'info' },
    );
    expect(text).toBe('');
  });

  test('for people is not JSON', async () => {
    const text = await logged(
      (log) => {
        log.info('for people');
      },
      { logFormat: 'pretty' },
    );
    expect(text).toContain('for people');
    expect(() => JSON.parse(text) as unknown).toThrow();
  });
});

describe('what must not be seen', () => {
  const SECRET = 'TOP-SECRET';

  test.each<[string, object]>([
    ['a delivery', { event: { payload: SECRET } }],
    ['a payload', { payload: { body: SECRET } }],
    ['headers', { request: { headers: { authorization: SECRET } } }],
    ['a token', { token: SECRET }],
    ['a key', { app: { privateKey: SECRET } }],
    ['a body', { response: { body: SECRET } }],
  ])('%s is not written', async (_name, fields) => {
    const text = await logged((log) => {
      log.error(fields, 'oops');
    });
    expect(text).not.toContain(SECRET);
    expect(text).toContain('oops');
  });

  test('an error says what it is, and nothing that it carries', async () => {
    const carried = { event: { payload: SECRET }, request: { headers: { authorization: SECRET } }, response: SECRET };
    const error = Object.assign(new AggregateError([Object.assign(new Error('inner'), carried)], 'outer'), carried);
    for (const write of [{ err: error }, { error }]) {
      const text = await logged((log) => {
        log.error(write, 'oops');
      });
      expect(text).toContain('outer');
      expect(text).toContain('inner');
      expect(text).not.toContain(SECRET);
    }
    const bare = await logged((log) => {
      log.error(error);
    });
    expect(bare).not.toContain(SECRET);
  });
});

test("an error of GitHub's is described by its kind", () => {
  const error = new GitHubError({ kind: 'limited', status: 403, operation: 'Look', message: 'wait', retryAfter: 7 });
  expect(describeError(error)).toMatchObject({
    name: 'GitHubError',
    message: 'Look: wait',
    kind: 'limited',
    status: 403,
    operation: 'Look',
    retryAfter: 7,
  });
  expect(describeError('text')).toEqual({ type: 'string' });
});
