import type { ExistingKey } from '../changes/deploy-key-change.ts';
import type { AllowedKey } from '../policy/schema.ts';

/** An allowed key, with what only hashing tells. */
export interface KnownAllowedKey extends Omit<AllowedKey, 'key'> {
  /** Type and body, and the fingerprint; null where the title alone is matched. */
  readonly identity: { readonly key: string; readonly fingerprint: string } | null;
}

/** What is decided from: the repository's deploy keys, and those that its policy allows. */
export interface DeployKeysSnapshot {
  readonly keys: readonly ExistingKey[];
  readonly allowed: readonly KnownAllowedKey[];
  /** The organisation or enterprise has switched deploy keys off: GitHub says of those that are there that they are disabled. */
  readonly forbidden: boolean;
}
