/*
 * Text that came from somebody else (branch names, key titles, logins) is shown as it is and does nothing: it mentions
 * nobody, links nowhere, is no markup, and cannot hide or reorder what stands beside it.
 */

/** Controls, what is written without being seen (Unicode's Cf), separators of lines, and halves of characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const LONGEST = 255;

/** The text for people, on one line: what cannot be seen is shown by its number, and a very long text is cut. */
export function visibleText(text: string, longest = LONGEST): string {
  const characters = Array.from(text);
  const shown = characters.length > longest ? [...characters.slice(0, longest - 1), '…'].join('') : text;
  return shown.replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/**
 * The text as a Markdown code span, in which GitHub neither mentions nor links. In a table a bar would end the cell
 * even there, so that one is shown by its number; and what would begin a comment elsewhere, in which the app keeps notes of
 * its own, begins none.
 */
export function codeSpan(text: string): string {
  const shown = visibleText(text).replaceAll('|', '\\u{7c}').replaceAll('<!--', '\\u{3c}!--');
  if (shown === '') return '` `';
  const longestRun = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/**
 * A sentence of ours that may hold somebody else's text, as Markdown that shows every character as it is. What could
 * begin a mention or a reference is followed by an empty comment, which keeps GitHub from making one of it.
 */
export function plainMarkdown(text: string, longest = 2_000): string {
  return visibleText(text, longest)
    .replace(/[@#]|\bGH(?=-\d)|[\\`*_{}[\]()<>|~!&^$=:.]/gi, (found) =>
      /^[@#G]/i.test(found) ? `${found}<!-- -->` : `&#${found.charCodeAt(0)};`,
    )
    .replace(/^(\s*)([-+]|\d+[.)])/, '$1\\$2');
}
