import type { GitHubClients } from '../../github/clients.ts';
import type { InstallationId, RepositoryRef } from '../../github/ids.ts';
import { repositoryId } from '../../github/trusted.ts';
import { GLANCED_AT_ONCE } from './glance-document.ts';

const LIST = 'GET /installation/repositories';
const PAGE = 100;

/** One pass over an installation's repositories, some at a time. It can be taken up where it was left. */
export interface Round {
  readonly installation: InstallationId;
  /**
   * The next repositories; null where all have been passed. The same ones again until they are passed.
   * @throws GitHubError
   */
  next(): Promise<readonly RepositoryRef[] | null>;
  /** These have been looked at. */
  pass(those: readonly RepositoryRef[]): void;
  /** Whether all have been passed, as far as is known. */
  isOver(): boolean;
  /** How many have been passed. */
  done(): number;
}

/**
 * Archived repositories are left out. A list that changes while it is walked is no harm: what is passed is told by number,
 * and the list is read to its end.
 */
export function createRound(options: {
  readonly clients: Pick<GitHubClients, 'installation'>;
  readonly installation: InstallationId;
}): Round {
  const { clients, installation } = options;
  const passed = new Set<number>();
  let listed: RepositoryRef[] = [];
  let page = 1;
  let isEnd = false;

  async function readPage(): Promise<void> {
    const { repositories, total_count: total } = await clients
      .installation(installation)
      .get(LIST, { per_page: PAGE, page });
    isEnd = repositories.length < PAGE || page * PAGE >= total;
    page += 1;
    for (const { id, name, owner, archived } of repositories) {
      const number = repositoryId(id);
      if (archived || passed.has(number)) continue;
      listed.push({ id: number, owner: owner.login, name });
    }
  }

  return {
    installation,
    async next() {
      while (listed.length < GLANCED_AT_ONCE && !isEnd) await readPage();
      return listed.length === 0 ? null : listed.slice(0, GLANCED_AT_ONCE);
    },
    pass(those) {
      for (const { id } of those) passed.add(id);
      listed = listed.filter(({ id }) => !passed.has(id));
    },
    isOver: () => isEnd && listed.length === 0,
    done: () => passed.size,
  };
}
