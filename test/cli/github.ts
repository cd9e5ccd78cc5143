import { afterEach, expect } from '@jest/globals';
import { contractChecks, type ContractChecks } from '../contract/checks.ts';
import { startSimulator, type RepositoryHandle, type Simulator, type SimulatorOptions } from '../simulator/index.ts';

/** A GitHub with `acme/shop`, and the variables by which a person who may do everything reaches it. */
export interface Place {
  readonly github: Simulator;
  readonly shop: RepositoryHandle;
  readonly environment: Readonly<Record<string, string>>;
  /** The variables of somebody else, who may do less. */
  as(login: string, permission: 'read' | 'write' | 'none'): Readonly<Record<string, string>>;
}

const running: { readonly github: Simulator; readonly contract: ContractChecks }[] = [];

afterEach(async () => {
  for (const { github, contract } of running.splice(0)) {
    await github.stop();
    contract.assertClean();
    expect(github.notSimulated).toEqual([]);
  }
});

export async function startPlace(
  options: { readonly policy?: string; readonly simulator?: SimulatorOptions; readonly private?: boolean } = {},
): Promise<Place> {
  const contract = contractChecks();
  // Its clock is this machine's, which is what commands go by.
  const github = await startSimulator({ realTime: true, onExchange: contract.onExchange, ...options.simulator });
  running.push({ github, contract });
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
