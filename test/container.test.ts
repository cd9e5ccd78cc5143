import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { validate } from 'dockerfile-utils';
import { load } from 'js-yaml';

/*
 * No engine runs here: what an image and its containers would promise is read off the files. That what the last stage
 * copies is enough to run is tried by hand, as docs/container.md tells.
 */

const text = readFileSync('Dockerfile', 'utf8');

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of the Dockerfile, with continued lines joined and comments left out. */
function readStages(): readonly Stage[] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [name = '', ...rest] = line.split(' ');
    if (name === 'FROM') stages.push({ base: rest[0] ?? '', name: rest[2] ?? '', instructions: [] });
    else stages.at(-1)?.instructions.push({ name, rest: rest.join(' ') });
  }
  return stages;
}

describe('the Dockerfile', () => {
  const stages = readStages();
  const last = stages.at(-1);
  const all = stages.flatMap(({ instructions }) => instructions);
  const ofLast = (name: string): readonly string[] =>
    (last?.instructions ?? []).filter((one) => one.name === name).map(({ rest }) => rest);

  test('has nothing that a linter objects to', () => {
    expect(validate(text)).toEqual([]);
  });

  test('starts from one base, of one version', () => {
    const names = stages.map(({ name }) => name);
    const bases = stages.map(({ base }) => base).filter((base) => !names.includes(base));
    expect(bases).toEqual([expect.stringMatching(/^node:24\.\d+\.\d+-\w+-slim$/)]);
  });

  test('ends in a stage that has production dependencies and the build, and neither sources nor tools', () => {
    expect(ofLast('COPY')).toEqual([
      '--from=modules /app/node_modules node_modules',
      '--from=build /app/dist dist',
      'package.json LICENSE ./',
    ]);
    const modules = stages.find(({ name }) => name === 'modules');
    expect(modules?.instructions).toContainEqual({ name: 'RUN', rest: expect.stringContaining('npm ci --omit=dev') });
    expect(ofLast('RUN')).toEqual([]);
  });

  test('runs as somebody who owns nothing of it', () => {
    expect(ofLast('USER')).toEqual(['node']);
    expect(ofLast('COPY').join()).not.toContain('--chown');
  });

  test('starts Node without a shell in between, so that SIGTERM arrives', () => {
    expect(ofLast('ENTRYPOINT')).toEqual(['["node", "dist/cli.js"]']);
    expect(ofLast('CMD')).toEqual(['["serve"]']);
  });

  test('asks the server whether it lives, without a shell or a program that is not there', async () => {
    const [check = ''] = ofLast('HEALTHCHECK');
    const [program, ...command] = JSON.parse(check.slice(check.indexOf('['))) as readonly string[];
    expect(program).toBe('node');
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/healthz' ? 200 : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const ask = () =>
      promisify(execFile)(process.execPath, command, {
        env: { PORT: String((server.address() as AddressInfo).port) },
      });
    const answered = ask();
    await expect(answered).resolves.toMatchObject({ stderr: '' });
    server.removeAllListeners('request').on('request', (_request, response) => response.writeHead(500).end());
    await expect(ask()).rejects.toMatchObject({ code: 1 });
    server.close();
    server.closeAllConnections();
  });

  test('has no secret in it', () => {
    expect(all.filter(({ name }) => name === 'ARG')).toEqual([]);
    expect(text).not.toMatch(/PRIVATE_KEY|WEBHOOK_SECRET|\s\.env|\.pem/);
  });

  test('copies only what .dockerignore lets through, and that is there', () => {
    const [first, ...allowed] = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    const sources = all
      .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    expect(allowed.map((line) => line.slice(1)).toSorted()).toEqual([...new Set(sources)].toSorted());
    expect(sources.filter((path) => !existsSync(path))).toEqual([]);
  });
});

interface Service {
  readonly image?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly user?: string;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string>>;
}

describe('compose.yml', () => {
  const { services, networks } = load(readFileSync('compose.yml', 'utf8')) as {
    readonly services: Readonly<Record<'redis' | 'server', Service>>;
    readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  };

  test('is as the Compose specification has it, and a linter', async () => {
    // The linter holds it against the specification's own JSON Schema first.
    const lint = promisify(execFile)(process.execPath, [
      'node_modules/dclint/bin/dclint.cjs',
      '--max-warnings',
      '0',
      'compose.yml',
    ]);
    await expect(lint).resolves.toMatchObject({ stderr: '' });
  });

  test.each(Object.entries(services))(
    '%s writes nowhere but to what it is given, and may nothing',
    (_name, service) => {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        tmpfs: ['/tmp'],
      });
    },
  );

  test('the server starts once Redis is well, and is told where that is', () => {
    expect(services.server.depends_on).toEqual({ redis: { condition: 'service_healthy' } });
    expect(services.redis.healthcheck?.test).toEqual(['CMD', 'redis-cli', 'ping']);
    expect(services.server.environment).toMatchObject({ REDIS_URL: 'redis://redis:6379' });
  });

  test('Redis is of one version, not root, keeps what it has, and is reached by the server alone', () => {
    expect(services.redis.image).toMatch(/^redis:\d+\.\d+\.\d+-\w+$/);
    expect(services.redis.user).not.toMatch(/^(?:0|root)/);
    expect(services.redis.ports).toBeUndefined();
    expect(networks['queue']?.internal).toBe(true);
  });

  test('nothing secret is in it, and the server listens on this machine alone', () => {
    expect(services.server.environment).not.toHaveProperty('WEBHOOK_SECRET');
    expect(services.server.environment?.['PRIVATE_KEY_PATH']).toMatch(/^\/run\/secrets\//);
    expect(services.server.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
  });
});
