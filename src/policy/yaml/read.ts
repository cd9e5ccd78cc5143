import { parseEvents, YAMLException, type Event } from 'js-yaml';
import { composeTree, DEEPEST } from './compose.ts';
import { YamlProblem } from './problem.ts';
import type { YamlNode } from './tree.ts';

/** GitHub shows files larger than this cut off, and no policy comes near. In bytes. */
export const LARGEST_FILE = 256 * 1_024;

export type YamlResult =
  | { readonly kind: 'tree'; readonly text: string; readonly root: YamlNode | null }
  | { readonly kind: 'problem'; readonly text: string; readonly problem: YamlProblem };

/**
 * Reads one YAML 1.2 document, in work bounded by the size of the text. A byte order mark is legal and not counted in
 * offsets. `root` is null where there is nothing but comments.
 */
export function readYaml(file: string | Uint8Array): YamlResult {
  let text = '';
  try {
    const decoded = typeof file === 'string' ? file : decode(file);
    text = decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded;
    checkText(text);
    return { kind: 'tree', text, root: composeTree(text, eventsOf(text)) };
  } catch (error) {
    if (error instanceof YamlProblem) return { kind: 'problem', text, problem: error };
    throw error;
  }
}

const START = { start: 0, end: 0 };
const NOT_UTF8 = 'Save the file as UTF-8 text.';

/** @throws YamlProblem */
function decode(bytes: Uint8Array): string {
  if (bytes.byteLength > LARGEST_FILE + 3) throw tooLarge();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new YamlProblem('yaml-encoding', START, NOT_UTF8);
  }
}

function tooLarge(): YamlProblem {
  return new YamlProblem('yaml-too-large', START, 'Make the file smaller: a policy has at most 256 KiB.');
}

/** @throws YamlProblem */
function checkText(text: string): void {
  // A character is at most three bytes for each of its UTF-16 units, and at least one.
  const certain = text.length * 3 <= LARGEST_FILE;
  if (text.length > LARGEST_FILE || (!certain && new TextEncoder().encode(text).byteLength > LARGEST_FILE))
    throw tooLarge();
  // Null bytes and replacement characters are what UTF-16 and Latin-1 leave when they are read as UTF-8.
  const broken = /[\0\uFFFD]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(text);
  if (broken !== null) {
    throw new YamlProblem('yaml-encoding', { start: broken.index, end: broken.index + 1 }, NOT_UTF8);
  }
}

/** @throws YamlProblem */
function eventsOf(text: string): Event[] {
  try {
    return parseEvents(text, { maxDepth: DEEPEST });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const start = error.mark?.position ?? 0;
    const deep = error.reason.includes('maxDepth');
    const code = deep ? 'yaml-too-deep' : 'yaml-syntax';
    const message = deep
      ? `Nest lists and mappings at most ${DEEPEST} levels deep.`
      : syntaxAdvice(text, start, error.reason);
    throw new YamlProblem(code, { start, end: start + 1 }, message);
  }
}

function syntaxAdvice(text: string, position: number, reason: string): string {
  const lineStart = Math.max(text.lastIndexOf('\n', position - 1), text.lastIndexOf('\r', position - 1)) + 1;
  const line = /^[^\r\n]*/.exec(text.slice(lineStart))?.[0] ?? '';
  if (/^ *\t/.test(line)) return 'Indent with spaces: YAML does not allow tabs there.';
  if (reason.includes('alias')) return `Quote a value that begins with *: this is not YAML (${reason}).`;
  if (/(?:^|[\s:[{,-])[@`%]/.test(line))
    return `Quote a value that begins with @, \` or %: this is not YAML (${reason}).`;
  return `Mend the YAML: ${reason}.`;
}
