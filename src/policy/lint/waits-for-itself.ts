import { environmentKey } from '../../github/ids.ts';
import type { Finding } from '../diagnostics.ts';
import { usableEntries, warning, type LintContext } from './rule.ts';

/** What has to succeed in its own environment first never does. */
export function waitsForItself({ policy }: LintContext): readonly Finding[] {
  return usableEntries(policy).flatMap(({ entry, path }) => {
    const itself = (name: string): boolean => environmentKey(name) === environmentKey(entry.name);
    const message = 'Name another environment: this is the one that the entry is about.';
    const gates = (entry.gates ?? []).flatMap((gate, index) =>
      'succeeded_in' in gate && itself(gate.succeeded_in.environment)
        ? [warning('waits-for-itself', [...path, 'gates', index, 'succeeded_in', 'environment'], message)]
        : [],
    );
    const { promote } = entry;
    if (promote === undefined || !itself(promote.from)) return gates;
    return [...gates, warning('waits-for-itself', [...path, 'promote', 'from'], message)];
  });
}
