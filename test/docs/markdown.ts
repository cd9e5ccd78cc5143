import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git']);

export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Every page of the project. */
export function readPages(folder = '.'): readonly Page[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return readPages(path);
    return entry.name.endsWith('.md') ? [{ path, text: readFileSync(path, 'utf8') }] : [];
  });
}

/** The cells of the rows of all tables, without their headings. */
export function tablesIn(text: string): readonly (readonly string[])[] {
  return text.split('\n').flatMap((line, index, lines) => {
    const isHeading = /^\|[ :|-]+\|$/.test(lines[index + 1] ?? '');
    if (!line.startsWith('|') || /^\|[ :|-]+\|$/.test(line) || isHeading) return [];
    return [
      line
        .replace(/^\||\|$/g, '')
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    ];
  });
}

/** What stands between fences, with the language named. */
export function codeIn(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^( *)```(\w*)[^\n]*\n([\s\S]*?)^\1```/gm)]
    .filter(([, , named]) => named === language)
    .map(([, , , code]) => code ?? '');
}

/** The text without what is code, where brackets are no links. */
export function withoutCode(text: string): string {
  return text.replace(/^( *)```[\s\S]*?^\1```/gm, '').replace(/`[^`\n]*`/g, '');
}

/** Where links and images lead, relative ones alone, without what is outside. */
export function relativeLinksIn(text: string): readonly string[] {
  const code = withoutCode(text);
  const targets = [...code.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g), ...code.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  return targets.map(([, target]) => target ?? '').filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** The anchors that GitHub makes of headings. */
export function anchorsIn(text: string): ReadonlySet<string> {
  const headings = withFences(text).matchAll(/^#{1,6} +(.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function withFences(text: string): string {
  return text.replace(/^( *)```[\s\S]*?^\1```/gm, '');
}
