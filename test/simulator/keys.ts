import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';

let generated: string | undefined;

/** Where a run of tests leaves the key that it made for all of its files. */
const MADE_BEFORE = 'SIMULATOR_PRIVATE_KEY';

/** An RSA key in PEM form for the app, made once a process because making one takes a while. */
export function appPrivateKey(): string {
  generated ??=
    process.env[MADE_BEFORE] ??
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    }).privateKey;
  return generated;
}

/** Ten minutes: the longest life that GitHub takes. */
const LONGEST_LIFE = 600;

/**
 * Null for a JWT that GitHub would take from the app, else the message of its 401.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function jwtProblem(
  token: string,
  app: { readonly issuers: readonly string[]; readonly privateKey: string; readonly now: number },
): string | null {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const undecodable = 'A JSON web token could not be decoded';
  const payload = decode(claims);
  if (decode(header)?.['alg'] !== 'RS256' || payload === null) return undecodable;
  const key = createPublicKey(app.privateKey);
  if (!verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))) {
    return undecodable;
  }
  const { exp, iat, iss } = payload;
  const now = Math.floor(app.now / 1000);
  if (typeof exp !== 'number' || exp <= now) {
    return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
  }
  if (typeof iat !== 'number' || iat > now) {
    return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
  }
  if (exp > now + LONGEST_LIFE) return "'Expiration time' claim ('exp') is too far in the future";
  if ((typeof iss !== 'string' && typeof iss !== 'number') || !app.issuers.includes(String(iss))) {
    return "'Issuer' claim ('iss') must be an Integer";
  }
  return null;
}

function decode(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
