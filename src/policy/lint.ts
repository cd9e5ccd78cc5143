import { compareDiagnostics, type Diagnostic } from './diagnostics.ts';
import { entryUnreachable } from './lint/entry-unreachable.ts';
import { freezeEmpty, freezePast } from './lint/freezes.ts';
import { noEffect } from './lint/no-effect.ts';
import { nobody } from './lint/nobody.ts';
import { oddPublicKey } from './lint/odd-public-key.ts';
import { organisationOnly } from './lint/organisation-only.ts';
import { MOST_OF_A_RULE, type LintContext, type LintRule } from './lint/rule.ts';
import { waitsForItself } from './lint/waits-for-itself.ts';
import { windowNeverOpens, windowUnused } from './lint/windows.ts';
import { placeFinding } from './place.ts';

const RULES: readonly LintRule[] = [
  entryUnreachable,
  windowNeverOpens,
  windowUnused,
  freezeEmpty,
  freezePast,
  organisationOnly,
  nobody,
  waitsForItself,
  noEffect,
  oddPublicKey,
];

/** What is legal but odd about a policy, as far as its file alone tells; by place in the file. */
export function lintPolicy(context: LintContext): readonly Diagnostic[] {
  return RULES.flatMap((rule) => rule(context).slice(0, MOST_OF_A_RULE))
    .map((finding) => placeFinding(finding, context.locate))
    .sort(compareDiagnostics);
}
