import type { Diagnostic } from '../diagnostics.ts';
import { matchesText } from '../match.ts';
import { patternProblem } from '../pattern.ts';
import type { Budget } from '../pattern-machine.ts';
import { placeFinding } from '../place.ts';
import { warning, type LintContext } from './rule.ts';

/** Anybody who opens a pull request writes CODEOWNERS; past this, whether somebody owns the policy is not found out. */
const STEPS = 200_000;
/** No line that is meant for the policy's path is longer. */
const LONGEST_LINE = 1_000;

/**
 * Whether somebody owns the policy's file. `codeowners`: the text of the CODEOWNERS file that GitHub uses; null where
 * there is none.
 */
export function noCodeOwner(
  { locate }: Pick<LintContext, 'locate'>,
  { codeowners, path }: { readonly codeowners: string | null; readonly path: string },
  budget: Budget = { steps: STEPS },
): readonly Diagnostic[] {
  if (codeowners !== null && hasOwner(codeowners, path, budget)) return [];
  const message = `Add ${path} to CODEOWNERS: so far, anyone who can write may change the policy.`;
  return [placeFinding(warning('no-code-owner', [], message), locate)];
}

/**
 * The last line that matches speaks; one without owners takes the owner away. True where the budget ran out before it was
 * found.
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax
 */
function hasOwner(codeowners: string, path: string, budget: Budget): boolean {
  for (const line of codeowners.split(/\r\n|\r|\n/).reverse()) {
    budget.steps -= 1;
    if (budget.steps < 0) return true;
    const [pattern = '', ...owners] = line
      .slice(0, LONGEST_LINE)
      .replace(/(?:^|\s)#[^]*$/, '')
      .trim()
      .split(/(?<!\\)\s+/);
    if (pattern !== '' && matchesPath(pattern, path, budget)) return owners.length > 0;
  }
  return false;
}

/**
 * Patterns are those of gitignore without `!`, `[` and escapes, and `folder/*` does not reach into the folders below.
 * They are said in the policy's own patterns, where a brace with an empty alternative is "or nothing".
 */
function matchesPath(pattern: string, path: string, budget: Budget): boolean {
  if (/[!{}[\]\\]/.test(pattern)) return false;
  const anchored = pattern.slice(0, -1).includes('/');
  const body = pattern.replace(/^\//, '').replace(/\/$/, '');
  // Most lines name another place, and need no pattern to tell.
  const [plain = ''] = /^[^*?]*/.exec(body) ?? [];
  if (anchored ? !path.startsWith(plain) : !path.includes(plain)) return false;
  const crossing = body.replaceAll(/(?<=^|\/)\*\*\//g, '{,**/}');
  const floating = anchored ? crossing : `{,**/}${crossing}`;
  const reaches = [...(pattern.endsWith('/') ? [] : [floating]), ...(pattern.endsWith('/*') ? [] : [`${floating}/**`])];
  budget.steps -= reaches.length * floating.length;
  return patternProblem(`${floating}/**`) === null && matchesText(reaches, path, budget);
}
