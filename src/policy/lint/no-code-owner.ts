import type { Diagnostic } from '../diagnostics.ts';
import { matchesText } from '../match.ts';
import { patternProblem } from '../pattern.ts';
import { placeFinding } from '../place.ts';
import { warning, type LintContext } from './rule.ts';

/**
 * Whether somebody owns the policy's file. `codeowners`: the text of the CODEOWNERS file that GitHub uses; null where
 * there is none.
 */
export function noCodeOwner(
  { locate }: Pick<LintContext, 'locate'>,
  { codeowners, path }: { readonly codeowners: string | null; readonly path: string },
): readonly Diagnostic[] {
  if (codeowners !== null && hasOwner(codeowners, path)) return [];
  const message = `Add ${path} to CODEOWNERS: so far, anyone who can write may change the policy.`;
  return [placeFinding(warning('no-code-owner', [], message), locate)];
}

/**
 * The last line that matches speaks; one without owners takes the owner away.
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax
 */
function hasOwner(codeowners: string, path: string): boolean {
  let owned = false;
  for (const line of codeowners.split(/\r\n|\r|\n/)) {
    const [pattern = '', ...owners] = line
      .replace(/(?:^|\s)#[^]*$/, '')
      .trim()
      .split(/(?<!\\)\s+/);
    if (pattern !== '' && matchesPath(pattern, path)) owned = owners.length > 0;
  }
  return owned;
}

/**
 * Patterns are those of gitignore without `!`, `[` and escapes, and `folder/*` does not reach into the folders below.
 * They are said in the policy's own patterns, where a brace with an empty alternative is "or nothing".
 */
function matchesPath(pattern: string, path: string): boolean {
  if (/[!{}[\]\\]/.test(pattern)) return false;
  const anchored = pattern.slice(0, -1).includes('/');
  const body = pattern
    .replace(/^\//, '')
    .replace(/\/$/, '')
    .replaceAll(/(?<=^|\/)\*\*\//g, '{,**/}');
  const floating = anchored ? body : `{,**/}${body}`;
  const reaches = [...(pattern.endsWith('/') ? [] : [floating]), ...(pattern.endsWith('/*') ? [] : [`${floating}/**`])];
  return patternProblem(`${floating}/**`) === null && matchesText(reaches, path);
}
