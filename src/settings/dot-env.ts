import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { SettingsError, type Environment } from '../settings.ts';

/**
 * The environment, with what it lacks filled in from `.env` in `cwd`. What is really set wins, unlike in Probot: a
 * file that lies about must not overrule what a deployment says.
 * @throws SettingsError where there is a `.env` that cannot be read.
 */
export function withDotEnv(environment: Environment, cwd: string): Environment {
  return { ...readDotEnv(join(cwd, '.env')), ...environment };
}

function readDotEnv(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return {};
    throw new SettingsError(`.env cannot be read${typeof code === 'string' ? `: ${code}` : ''}`);
  }
}
