import type { Diagnostic } from '../policy/diagnostics.ts';

/** GitHub takes so many annotations in one request; further ones are added by further requests. */
export const MOST_ANNOTATIONS = 50;
/** GitHub's limit on a check run's summary, in characters. */
export const MOST_SUMMARY = 65_535;

/** A place in a file that a check run points at. Lines and columns count from 1. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Only where the place lies in one line: GitHub takes columns for nothing else. */
  readonly columns: { readonly start: number; readonly end: number } | null;
  readonly level: 'failure' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

export type Conclusion = 'success' | 'neutral' | 'failure';

/** A button. GitHub's limits: 20 characters each, and 40 for the description. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** What a check run says. It is always completed. */
export interface CheckRun {
  readonly name: string;
  readonly conclusion: Conclusion;
  readonly title: string;
  /** Markdown, within {@link MOST_SUMMARY}. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** At most three. */
  readonly actions?: readonly CheckAction[];
}

/** Diagnostics of a file as annotations on its lines. */
export function annotate(path: string, diagnostics: readonly Diagnostic[]): readonly Annotation[] {
  return diagnostics.map(({ line, endLine, column, endColumn, severity, code, message }) => ({
    path,
    startLine: line,
    endLine,
    columns: line === endLine && endColumn > column ? { start: column, end: endColumn } : null,
    level: severity === 'error' ? 'failure' : 'warning',
    title: code,
    message,
  }));
}

/** A paragraph that is there as a whole or not at all, or a list that may be cut between its items. */
export type Paragraph = string | ItemList;

export interface ItemList {
  readonly items: readonly string[];
  readonly between: '\n' | '\n\n';
}

/** A list of one line an item. */
export function lineList(items: readonly string[]): ItemList {
  return { items, between: '\n' };
}

const BREAK = '\n\n';
const CUT = `${BREAK}_There is more than fits here._`;
/** Of a list so many characters are kept in any case. */
const LEAST = 2_000;

/**
 * Joins paragraphs. Where GitHub would not take all of it, lists are cut, the longest ones first, each saying how much of
 * it is missing, and paragraphs that do not fit beside them are left out.
 */
export function summarize(paragraphs: readonly Paragraph[]): string {
  const all = paragraphs.map(textOf).join(BREAK);
  if (all.length <= MOST_SUMMARY) return all;
  const lists = paragraphs.filter((one) => typeof one !== 'string');
  const least = lists.map((one) => Math.min(LEAST, textOf(one).length) + BREAK.length).reduce((a, b) => a + b, 0);
  let room = MOST_SUMMARY - CUT.length - least;
  const kept = paragraphs.filter((one) => {
    if (typeof one !== 'string') return true;
    const fits = one.length + BREAK.length <= room;
    if (fits) room -= one.length + BREAK.length;
    return fits;
  });
  const shares = shareOut(lists, room + least);
  const texts = kept.map((one) => (typeof one === 'string' ? one : cutList(one, shares.get(one) ?? 0)));
  return texts.filter((text) => text !== '').join(BREAK) + CUT;
}

function textOf(paragraph: Paragraph): string {
  return typeof paragraph === 'string' ? paragraph : paragraph.items.join(paragraph.between);
}

/** What short lists leave of their share is the longer ones'. */
function shareOut(lists: readonly ItemList[], room: number): ReadonlyMap<ItemList, number> {
  const shares = new Map<ItemList, number>();
  let left = room - lists.length * BREAK.length;
  const shortestFirst = [...lists].sort((a, b) => textOf(a).length - textOf(b).length);
  for (const [i, list] of shortestFirst.entries()) {
    const share = Math.min(textOf(list).length, Math.floor(left / (lists.length - i)));
    shares.set(list, share);
    left -= share;
  }
  return shares;
}

function cutList({ items, between }: ItemList, room: number): string {
  const all = items.join(between);
  if (all.length <= room) return all;
  const more = (left: number): string => `- … and ${left} more.`;
  const kept: string[] = [];
  let length = more(items.length).length;
  for (const item of items) {
    length += item.length + between.length;
    if (length > room) break;
    kept.push(item);
  }
  return [...kept, more(items.length - kept.length)].join(between);
}

/** `1 error`, `3 errors` */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
