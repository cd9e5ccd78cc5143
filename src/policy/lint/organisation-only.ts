import type { Finding } from '../diagnostics.ts';
import { warningAtKey, type LintContext } from './rule.ts';

/** Keys that a repository's file may have and that do nothing there. */
export function organisationOnly({ policy, locate, level }: LintContext): readonly Finding[] {
  if (level !== 'repository') return [];
  const paths = [['repositories'], ...policy.environments.map((_entry, index) => ['environments', index, 'locked'])];
  return paths
    .filter((path) => locate(path) !== null)
    .map((path) => {
      const message = `Take \`${String(path.at(-1))}\` out: it only counts in the file of the owner’s .github repository.`;
      return warningAtKey('organisation-only', path, message);
    });
}
