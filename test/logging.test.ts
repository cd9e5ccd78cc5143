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

describe('what cannot be seen in others’ text', () => {
  const hidden = String.fromCodePoint(0x202e, 0x2066, 0x200b, 0xad, 0x2028, 0x2029, 0x7f, 0x85, 0x9b, 0x1b, 0xe0041);
  const fields = { environment: `a${hidden}b`, nested: { reason: hidden }, err: new Error(`oh${hidden}`), [hidden]: 1 };
  const write = (log: Awaited<ReturnType<typeof createLogger>>): void => {
    log.error(fields, `said ${hidden}`);
    log.error(new Error(hidden));
  };

  test.each(['json', 'pretty'])('is written as JSON escapes it, in %s', async (logFormat) => {
    const text = await logged(write, { logFormat });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    for (const code of ['202e', '2066', '200b', '00ad', '2028', '2029', '007f', '0085', '009b', '001b', 'db40']) {
      expect(text).toContain(`\\u${code}`);
    }
  });

  test('says the same to who reads the JSON', async () => {
    const [line = ''] = (await logged(write)).split('\n');
    expect(JSON.parse(line)).toMatchObject({ environment: `a${hidden}b`, nested: { reason: hidden }, [hidden]: 1 });
  });

  test('leaves what can be seen as it is, in any script', async () => {
    const seen = 'é 日本 🚀 \\u202e "quoted" \\';
    expect(
      await logged(
        (log) => {
          log.info({ seen }, seen);
        },
        { logFormat: 'pretty' },
      ),
    ).toContain(seen);
    const line = await logged((log) => {
      log.info({ seen }, 'x');
    });
    expect(line).toContain('🚀');
    expect(JSON.parse(line)).toMatchObject({ seen });
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
