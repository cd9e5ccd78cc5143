import { environmentKey } from '../../github/ids.ts';
import type { Diagnostic } from '../diagnostics.ts';
import { nearest } from '../nearest.ts';
import { isPattern } from '../pattern.ts';
import { placeFinding } from '../place.ts';
import { MOST_OF_A_RULE, usableEntries, warning, type LintContext } from './rule.ts';

/** Guessing what was meant compares a name with every other. */
const MOST_GUESSES = 100;

/**
 * Gates and promotions that look at an environment which neither exists nor is created by the policy.
 * `environments`: the names of all that the repository has.
 */
export function environmentMissing(
  { policy, locate }: Pick<LintContext, 'policy' | 'locate'>,
  environments: readonly string[],
): readonly Diagnostic[] {
  const created = policy.environments.flatMap(({ name, own, protection }) =>
    own && protection !== undefined && !isPattern(name) ? [name] : [],
  );
  const names = [...environments, ...created];
  const known = new Set(names.map(environmentKey));
  const looks = usableEntries(policy).flatMap(({ entry, path }) => [
    ...(entry.gates ?? []).flatMap((gate, index) =>
      'succeeded_in' in gate
        ? [{ name: gate.succeeded_in.environment, path: [...path, 'gates', index, 'succeeded_in', 'environment'] }]
        : [],
    ),
    ...(entry.promote === undefined ? [] : [{ name: entry.promote.from, path: [...path, 'promote', 'from'] }]),
  ]);
  return looks
    .filter(({ name }) => !known.has(environmentKey(name)))
    .slice(0, MOST_OF_A_RULE)
    .map(({ name, path }) => {
      const meant = nearest(name, names.slice(0, MOST_GUESSES));
      const hint = meant === null ? 'Check the name' : `Did you mean ${JSON.stringify(meant)}`;
      const end = meant === null ? '.' : '?';
      const message = `${hint}${end} The repository has no environment ${JSON.stringify(name)}.`;
      return placeFinding(warning('environment-missing', path, message), locate);
    });
}
