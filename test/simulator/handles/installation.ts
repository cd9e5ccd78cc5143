import type { Installation, Permissions, Repository } from '../state/model.ts';
import { findRepository } from '../state/repositories.ts';
import { defaultSender } from '../state/repositories.ts';
import type { World } from '../state/world.ts';

export interface InstallationHandle {
  readonly id: number;
  readonly permissions: Permissions;
  /** Adds repositories of the owner to a selection. */
  add(...names: string[]): void;
  remove(...names: string[]): void;
  /** Accepts these permissions in the place of those it had. */
  grant(permissions: Permissions): void;
  suspend(): void;
  unsuspend(): void;
  delete(): void;
  /** Ends the life of its tokens, as an hour does. */
  expireTokens(): void;
}

export function installationHandle(world: World, installation: Installation): InstallationHandle {
  const tell = (action: 'deleted' | 'suspend' | 'unsuspend' | 'new_permissions_accepted') => {
    installation.updatedAt = world.clock.now();
    world.emit({ name: 'installation', action, installation, sender: defaultSender(world) });
  };
  const select = (action: 'added' | 'removed', names: readonly string[]) => {
    const repositories = names.map((name) => ownRepository(world, installation, name));
    if (installation.selected === null) throw new Error('It has all repositories');
    for (const { id } of repositories) {
      if (action === 'added') installation.selected.add(id);
      else installation.selected.delete(id);
    }
    const sender = defaultSender(world);
    world.emit({ name: 'installation_repositories', action, installation, repositories, sender });
  };
  return {
    id: installation.id,
    get permissions() {
      return installation.permissions;
    },
    add: (...names) => {
      select('added', names);
    },
    remove: (...names) => {
      select('removed', names);
    },
    grant(permissions) {
      installation.permissions = { metadata: 'read', ...permissions };
      tell('new_permissions_accepted');
    },
    suspend() {
      installation.suspendedAt = world.clock.now();
      tell('suspend');
    },
    unsuspend() {
      installation.suspendedAt = null;
      tell('unsuspend');
    },
    delete() {
      tell('deleted');
      world.installations.delete(installation.id);
    },
    expireTokens() {
      for (const token of world.tokens.values()) {
        if (token.kind === 'installation' && token.installation === installation) token.expiresAt = 0;
      }
    },
  };
}

export function ownRepository(world: World, installation: Pick<Installation, 'account'>, name: string): Repository {
  const repository = findRepository(world, installation.account.login, name.split('/').at(-1) ?? name);
  if (repository === undefined) throw new Error(`There is no repository ${installation.account.login}/${name}`);
  return repository;
}
