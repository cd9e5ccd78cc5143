import { afterEach, expect } from '@jest/globals';
import { startSimulator, type RepositoryHandle, type Simulator, type SimulatorOptions } from '../simulator/index.ts';

/** A GitHub with `acme/shop`, and the variables by which a person who may do everything reaches it. */
export interface Place {
  readonly github: Simulator;
  readonly shop: RepositoryHandle;
  readonly environment: Readonly<Record<string, string>>;
  /** The variables of somebody else, who may do less. */
  as(login: string, permission: 'read' | 'write' | 'none'): Readonly<Record<string, string>>;
}

const running: Simulator[] = [];

afterEach(async () => {
  for (const github of running.splice(0)) {
    await github.stop();
    expect(github.notSimulated).toEqual([]);
  }
});

export async function startPlace(
  options: { readonly policy?: string; readonly simulator?: SimulatorOptions; readonly private?: boolean } = {},
): Promise<Place> {
  // Its clock is this machine's, which is what commands go by.
  const github = await startSimulator({ realTime: true, ...options.simulator });
  running.push(github);
  github.addOwner('acme');
  const shop = github.addRepository({ owner: 'acme', name: 'shop', private: options.private ?? false });
  if (options.policy !== undefined) shop.push({ files: { '.github/deployments.yml': options.policy } });
  shop.addCollaborator('mona', 'admin');
  const variables = (login: string) => ({
    GITHUB_TOKEN: github.addToken(login),
    GITHUB_API_URL: github.enterpriseUrl,
    GITHUB_PACING: 'off',
  });
  return {
    github,
    shop,
    environment: variables('mona'),
    as(login, permission) {
      if (permission !== 'none') shop.addCollaborator(login, permission);
      return variables(login);
    },
  };
}
