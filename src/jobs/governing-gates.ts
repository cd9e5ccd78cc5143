import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { gatesPolicyFor, type GatesPolicy } from '../gates/gates-policy.ts';
import { govern, type Governing, type LoadedFile } from '../policy/govern.ts';
import { loadNewestParsing } from '../policy/load-history.ts';
import type { EffectivePolicy } from '../policy/merge.ts';
import { ORGANISATION_REPOSITORY } from './organisation.ts';
import type { ProcessMemory } from './memory.ts';

/** What the gates of a repository go by. */
export type GatesGoverning =
  | { readonly kind: 'none' }
  /** `why`: a phrase for people. */
  | { readonly kind: 'unusable'; readonly why: string }
  | { readonly kind: 'usable'; readonly policy: EffectivePolicy; readonly files: Governing['files'] };

/**
 * What governs the gates: the policy in force; where a file does not parse, its newest version on the default branch that
 * does; and where there is none, nothing that can be gone by, so that they wait.
 * @throws GitHubError
 */
export async function governingGates(
  github: Pick<GitHubReader, 'query'>,
  question: { readonly repository: RepositoryRef; readonly memory: ProcessMemory; readonly governing: Governing },
): Promise<GatesGoverning> {
  const { repository, memory, governing } = question;
  if (governing.kind !== 'broken') return toGoverning(governing);
  const key = `${repository.id} ${governing.version}`;
  const known = memory.gates.standIns.get(key);
  if (known !== undefined) return toGoverning(known);
  const files = {
    repository: await standIn(github, governing.files.repository, repository),
    organisation: await standIn(github, governing.files.organisation, {
      id: null,
      owner: repository.owner,
      name: ORGANISATION_REPOSITORY,
    }),
  };
  const found = govern(files, repository);
  // Everything waits for it: it is looked for again.
  if (found.kind !== 'broken') memory.gates.standIns.set(key, found);
  return toGoverning(found);
}

function toGoverning(governing: Governing): GatesGoverning {
  switch (governing.kind) {
    case 'none':
      return { kind: 'none' };
    case 'valid':
      return { kind: 'usable', policy: governing.policy, files: governing.files };
    case 'broken':
      return {
        kind: 'unusable',
        why: 'its policy does not parse, and neither does any of the last ten versions of it',
      };
  }
}

async function standIn(
  github: Pick<GitHubReader, 'query'>,
  file: LoadedFile,
  where: Parameters<typeof loadNewestParsing>[1],
): Promise<LoadedFile> {
  return file.kind === 'invalid' ? ((await loadNewestParsing(github, where)) ?? file) : file;
}

/** What the gates of one environment go by. */
export function gatesPolicyOf(governing: GatesGoverning, environment: string): GatesPolicy {
  return governing.kind === 'usable' ? gatesPolicyFor(governing.policy, environment) : governing;
}
