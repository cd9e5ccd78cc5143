import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';

/** What lies in Redis so that nobody can read it who has not the app's private key. */
export interface SealedStore {
  /** Null where there is nothing, or nothing of ours. @throws what the connection says. */
  get(name: string): Promise<Buffer | null>;
  /** @param lifetime milliseconds. */
  set(name: string, value: Buffer, lifetime: number): Promise<void>;
  delete(name: string): Promise<void>;
}

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** @param secret what the key is derived from. Names are hashed: they tell of repositories, too. */
export function createSealedStore(
  redis: Redis,
  { prefix, secret }: { readonly prefix: string; readonly secret: string },
): SealedStore {
  const key = Buffer.from(hkdfSync('sha256', secret, 'lockkeeper', `redis ${prefix}`, 32));
  const placeOf = (name: string): string => prefix + createHash('sha256').update(name).digest('base64url');
  return {
    async get(name) {
      const place = placeOf(name);
      const sealed = await redis.getBuffer(place);
      return sealed === null ? null : open(sealed, { key, place });
    },
    async set(name, value, lifetime) {
      const place = placeOf(name);
      await redis.set(place, seal(value, { key, place }), 'PX', lifetime);
    },
    async delete(name) {
      await redis.del(placeOf(name));
    },
  };
}

interface Lock {
  readonly key: Buffer;
  /** Sealed along, so that one entry does not pass for another. */
  readonly place: string;
}

function seal(value: Buffer, { key, place }: Lock): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(value), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function open(sealed: Buffer, { key, place }: Lock): Buffer | null {
  if (sealed.byteLength < NONCE + TAG) return null;
  try {
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE), { authTagLength: TAG })
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
  } catch {
    return null;
  }
}
