/** Controls, what is written without being seen (Unicode's Cf: marks that turn a line around, for one), separators of lines. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** What lines are made of, and what colours begin with. In JSON they are escaped wherever they are somebody's text. */
const KEPT: ReadonlySet<string> = new Set(['\n', '\t', '\u001b']);

/**
 * A finished line, or a JSON document, in which others' text shows all that it holds: what cannot be seen is written as
 * JSON escapes it, so that a document says the same as before.
 */
export function escapeInvisible(finished: string): string {
  return finished.replace(INVISIBLE, (found) => (KEPT.has(found) ? found : escaped(found)));
}

/** Each half of a character that JSON writes in two. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** A line of JSON whose texts, once they are read, begin no colour and move no cursor. */
export function withoutEscapeCharacter(json: string): string {
  return json.replace(/\\(?:\\|u001b)/g, (found) => (found === '\\\\' ? found : '\\\\u001b'));
}
