import type { DeployKey, Repository } from './model.ts';
import { defaultSender } from './repositories.ts';
import { nodeId } from './accounts.ts';
import type { World } from './world.ts';

export interface NewDeployKey {
  readonly title: string;
  /** OpenSSH's form; the comment counts for nothing. */
  readonly key: string;
  readonly readOnly: boolean;
  readonly addedBy: string;
  readonly createdAt?: Date | undefined;
  readonly lastUsed?: Date | null | undefined;
}

/** Type and body, without the comment. */
export function keyBody(key: string): string {
  return key.trim().split(/\s+/).slice(0, 2).join(' ');
}

const FORM =
  /^(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]+={0,3}$/;

/** Adds a key, or says why GitHub would not: a key exists once on all of GitHub. */
export function addDeployKey(world: World, repository: Repository, options: NewDeployKey): DeployKey | string {
  const body = keyBody(options.key);
  if (!FORM.test(body)) return 'key is invalid. You must supply a key in OpenSSH public key format';
  if (world.deployKeys.has(body)) return 'key is already in use';
  const id = world.nextId('key');
  const key: DeployKey = {
    id,
    nodeId: nodeId('DK', id),
    title: options.title,
    key: body,
    readOnly: options.readOnly,
    addedBy: options.addedBy,
    createdAt: options.createdAt ?? world.clock.now(),
    lastUsed: options.lastUsed ?? null,
    enabled: true,
  };
  world.deployKeys.set(body, id);
  repository.deployKeys.set(id, key);
  world.emit({ name: 'deploy_key', action: 'created', repository, key, sender: defaultSender(world) });
  return key;
}

export function deleteDeployKey(world: World, repository: Repository, key: DeployKey): void {
  world.deployKeys.delete(key.key);
  repository.deployKeys.delete(key.id);
  world.emit({ name: 'deploy_key', action: 'deleted', repository, key, sender: defaultSender(world) });
}
