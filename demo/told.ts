import type { RepositoryHandle } from '../test/simulator/index.ts';
import type { Pages } from './pages.ts';

/** A line of the server's log. What the demo tells of Lockkeeper is read from there, not written beforehand. */
export type LogLine = Readonly<Record<string, unknown>>;

export function readLine(text: string): LogLine {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

/** Of more changes than these for one reason, the first few stand for all. */
const MOST_ALIKE = 3;
const WARN = 40;

/** Tells what the lines say of changes, and of what needs attention. Gives back how much there was to tell. */
export function showLines(
  lines: readonly LogLine[],
  { pages, shop }: { readonly pages: Pages; readonly shop: RepositoryHandle },
): number {
  const told = lines.filter(isNews);
  const alike = new Map<string, LogLine[]>();
  for (const line of told) {
    const kind = [line['msg'], line['kind'], line['rule'], line['code']].join(' ');
    alike.set(kind, [...(alike.get(kind) ?? []), line]);
  }
  for (const group of alike.values()) {
    for (const line of group.slice(0, MOST_ALIKE)) showLine(line, { pages, shop });
    if (group.length > MOST_ALIKE) pages.more(`… and ${group.length - MOST_ALIKE} more like these.`);
  }
  return told.length;
}

function isNews(line: LogLine): boolean {
  return line['msg'] === 'Changed' || line['msg'] === 'Would change' || Number(line['level']) >= WARN;
}

function showLine(line: LogLine, { pages, shop }: { readonly pages: Pages; readonly shop: RepositoryHandle }): void {
  if (line['msg'] === 'Changed') {
    showDispatch(line, { pages, shop });
    pages.change(describeChange(line, shop), whyOf(line));
  } else if (line['msg'] === 'Would change') pages.wouldChange(describeChange(line, shop), whyOf(line));
  else pages.warn(field(line, 'code') || field(line, 'msg'), field(line, 'detail') || errorOf(line));
}

/** The workflow that was dispatched before the change. It has no line in the log: GitHub's side tells. */
function showDispatch(
  line: LogLine,
  { pages, shop }: { readonly pages: Pages; readonly shop: RepositoryHandle },
): void {
  if (line['kind'] !== 'deployment_status') return;
  const deployment = field(line, 'deployment');
  for (const { workflow, inputs } of shop.dispatches.filter(({ inputs }) => inputs['deployment_id'] === deployment)) {
    pages.change(
      `${workflow} dispatched for deployment ${deployment}`,
      `on_inactive: With the reason ${String(inputs['reason'])}.`,
    );
  }
}

function errorOf({ err }: LogLine): string {
  return typeof err === 'object' && err !== null && 'message' in err ? String(err.message) : '';
}

function describeChange(line: LogLine, shop: RepositoryHandle): string {
  const environment = field(line, 'environment');
  const deployment = `${environment} · deployment ${field(line, 'deployment')}`;
  switch (line['kind']) {
    case 'deployment_status':
      return `${deployment}: ${stateBefore(line, shop)} → ${field(line, 'state')}`;
    case 'delete_deployment':
      return `${deployment}: deleted`;
    case 'delete_environment':
      return `${environment}: the environment is deleted`;
    case 'check_run':
      return `check run “${field(line, 'name')}”: ${field(line, 'conclusion')}`;
    default:
      return field(line, 'kind');
  }
}

/** The rule's name in the policy, and the sentence that people read on GitHub and in the log. */
function whyOf(line: LogLine): string {
  return `${field(line, 'rule')}: ${field(line, 'reason')}`;
}

/** The state that was left: the log tells only the new one. */
function stateBefore(line: LogLine, shop: RepositoryHandle): string {
  const { statuses } = shop.deployment(Number(line['deployment']));
  const now = line['msg'] === 'Changed' ? -2 : -1;
  return statuses.at(now)?.state ?? 'pending';
}

function field(line: LogLine, name: string): string {
  const value = line[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
