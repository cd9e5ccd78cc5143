import {
  readBranchPatterns,
  readCustomRules,
  readEnvironment,
  readVariables,
  type BranchPattern,
} from '../github/environments.ts';
import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import type { ProtectionChange } from './protection-change.ts';

/** A change that has a request of its own. */
export type ProtectionPart = Exclude<ProtectionChange, { readonly kind: 'create_environment' | 'environment_setting' }>;

/**
 * What is left to do of a change: `done` where it is so already, `overtaken` where the environment no longer is what the
 * change was decided from, `due` else.
 * @throws GitHubError
 */
export async function readProtectionPart(
  github: Pick<GitHubReader, 'get'>,
  repository: RepositoryRef,
  change: ProtectionPart,
): Promise<'done' | 'overtaken' | 'due'> {
  const { environment } = change;
  const current = await readEnvironment(github, repository, environment);
  if (current === null) return 'overtaken';
  try {
    switch (change.kind) {
      case 'add_branch_pattern': {
        if (current.settings.branchPolicy !== 'custom') return 'overtaken';
        const patterns = await readBranchPatterns(github, repository, environment);
        return patterns.some((one) => isSame(one, change.pattern)) ? 'done' : 'due';
      }
      case 'remove_branch_pattern': {
        const patterns = await readBranchPatterns(github, repository, environment);
        return patterns.some(({ id }) => id === change.pattern.id) ? 'due' : 'done';
      }
      case 'enable_custom_rule': {
        const rules = await readCustomRules(github, repository, environment);
        return rules.some(({ id }) => id === change.app.id) ? 'done' : 'due';
      }
      case 'set_variable': {
        const variables = await readVariables(github, repository, environment);
        const value = variables.get(change.name) ?? null;
        return value === change.to ? 'done' : value === change.from ? 'due' : 'overtaken';
      }
    }
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') return 'due';
    throw error;
  }
}

function isSame(a: BranchPattern, b: BranchPattern): boolean {
  return a.type === b.type && a.name === b.name;
}
