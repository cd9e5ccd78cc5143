import type { Finding } from '../diagnostics.ts';
import { warning, type LintContext } from './rule.ts';

/** Windows follow the week, so only one without days never opens. */
export function windowNeverOpens({ policy }: LintContext): readonly Finding[] {
  return policy.windows.flatMap(({ days }, index) =>
    days.length > 0
      ? []
      : [
          warning(
            'window-never-opens',
            ['windows', index, 'days'],
            'Name a day, or leave `days` out for every day: this window never opens.',
          ),
        ],
  );
}

/** Entries that are unusable have lost their gates, so beside one nothing is said. */
export function windowUnused({ policy }: LintContext): readonly Finding[] {
  if (policy.environments.some(({ unusable }) => unusable.length > 0)) return [];
  const used = new Set(
    policy.environments.flatMap(({ gates = [] }) =>
      gates.flatMap((gate) => ('windows' in gate ? gate.windows.map(({ name }) => name) : [])),
    ),
  );
  return policy.windows.flatMap(({ name }, index) =>
    used.has(name)
      ? []
      : [
          warning(
            'window-unused',
            ['windows', index, 'name'],
            'Name it in a `windows` gate or take it out: no gate uses this window.',
          ),
        ],
  );
}
