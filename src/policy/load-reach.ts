import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { govern, reachKey } from './govern.ts';
import type { LoadedPolicy, PolicyCache } from './load.ts';
import { loadNewestParsing } from './load-history.ts';
import type { Reach } from './parse.ts';

/**
 * The policy, once it is known of which repositories an owner's file speaks that does not parse: where the file does not
 * tell, its newest version that does parse, and where there is none, it counts for all. One request a version of the file;
 * else none.
 * @throws GitHubError
 */
export async function withReach(
  github: Pick<GitHubReader, 'query'>,
  loaded: LoadedPolicy,
  { repository, cache }: { readonly repository: RepositoryRef; readonly cache: PolicyCache },
): Promise<LoadedPolicy> {
  const { governing, files } = loaded;
  const theirs = governing.files.organisation;
  if (theirs.kind !== 'invalid' || theirs.reach !== 'unknown') return loaded;
  const key = reachKey(repository.owner, theirs);
  cache.reaches.set(key, cache.reaches.get(key) ?? (await newestReach(github, repository)));
  const complete: LoadedPolicy = { ...loaded, governing: govern(files, repository, cache) };
  cache.latest.set(repository.id, complete);
  return complete;
}

async function newestReach(github: Pick<GitHubReader, 'query'>, { owner }: RepositoryRef): Promise<Reach> {
  const newest = await loadNewestParsing(github, { id: null, owner, name: '.github' });
  return newest?.policy.repositories ?? 'all';
}
