import type { ReasonCode } from '../reports/reason-codes.ts';

/** A deploy key as it is to be. */
export interface WantedKey {
  /** Somebody's text: escape it. */
  readonly title: string;
  /** Type and body, without the comment. For GitHub and for reports; logs name the fingerprint. */
  readonly key: string;
  /** `SHA256:…`, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
  readonly readOnly: boolean;
}

/** A deploy key as it is. Nothing of it can change: another title is another key. Times in milliseconds since the epoch. */
export interface ExistingKey extends WantedKey {
  readonly id: number;
  readonly createdAt: number;
  /** Null: never, as far as GitHub knows. */
  readonly lastUsed: number | null;
  /** A login. Null: GitHub does not say. */
  readonly addedBy: string | null;
}

interface Reasoned {
  readonly rule: ReasonCode;
  /** One sentence for people, without markup. */
  readonly reason: string;
}

export interface DeployKeyCreation extends Reasoned {
  readonly kind: 'create_deploy_key';
  readonly wanted: WantedKey;
}

/** GitHub cannot change a key: the old one goes and the new one comes, or the old one comes back. One change. */
export interface DeployKeyReplacement extends Reasoned {
  readonly kind: 'recreate_deploy_key';
  readonly wanted: WantedKey;
  readonly old: ExistingKey;
}

/** What is expected to be found is the key of this id: GitHub never gives one out twice. */
export interface DeployKeyDeletion extends Reasoned {
  readonly kind: 'delete_deploy_key';
  readonly old: ExistingKey;
}

export type DeployKeyChange = DeployKeyCreation | DeployKeyReplacement | DeployKeyDeletion;

export function isDeployKeyChange<T extends { readonly kind: string }>(
  change: T,
): change is Extract<T, { readonly kind: DeployKeyChange['kind'] }> {
  return (
    change.kind === 'create_deploy_key' || change.kind === 'recreate_deploy_key' || change.kind === 'delete_deploy_key'
  );
}

/** The key that a change is about, as people know it. */
export function keyOfChange(change: DeployKeyChange): WantedKey {
  return change.kind === 'delete_deploy_key' ? change.old : change.wanted;
}
