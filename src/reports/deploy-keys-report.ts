import type { DeployKeyDeletion } from '../changes/deploy-key-change.ts';
import { lineList, type Paragraph } from './check-run.ts';
import { codeSpan, plainMarkdown } from './escape.ts';
import { planLineMarkdown, type PlanLine } from './plan.ts';

/** What the report says of deploy keys, beside what needs attention. */
export interface DeployKeysReport {
  /** The next sweep deletes these. */
  readonly announced: readonly DeployKeyDeletion[];
  /** What would be done, where the policy or the server only tells. */
  readonly wouldChange: readonly PlanLine[];
}

/** Paragraphs for the report; none where there is nothing to say. An announcement is told as a whole or not at all. */
export function deployKeysParagraphs({ announced, wouldChange }: DeployKeysReport): readonly Paragraph[] {
  const told: readonly Paragraph[] = [
    ...(announced.length === 0 ? [] : ['The next sweep deletes what is announced here, unless the policy is changed.']),
    ...(announced.length === 0 ? [] : [{ items: announced.map(announcement), between: '\n\n' } as const]),
    ...(wouldChange.length === 0 ? [] : ['Would be changed:', lineList(wouldChange.map(planLineMarkdown))]),
  ];
  return told.length === 0 ? [] : ['### Deploy keys', ...told];
}

function announcement(deletion: DeployKeyDeletion): string {
  const { title, key, fingerprint, addedBy, createdAt, lastUsed } = deletion.old;
  const by = addedBy === null ? '' : ` by ${codeSpan(addedBy)}`;
  const used = lastUsed === null ? 'never used' : `last used on ${day(lastUsed)}`;
  return [
    // A line of its own, first: what somebody else wrote never begins a line.
    mark(deletion),
    `- ${codeSpan(title)} \`${fingerprint}\`, added${by} on ${day(createdAt)}, ${used}. ${plainMarkdown(deletion.reason)}`,
    `  ${keySpan(key)}`,
  ].join('\n');
}

/** The whole key: whoever needs it again finds it here. */
function keySpan(key: string): string {
  return /^[\w@.-]+ [\w+/=]+$/.test(key) ? `\`${key}\`` : codeSpan(key);
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** What an announcement is known by. The id is in it: a key that was added again is another one. */
export function announcementKey({ old }: DeployKeyDeletion): string {
  return `${old.id} ${old.fingerprint}`;
}

/** For whoever reads the report back; people do not see it. */
function mark(deletion: DeployKeyDeletion): string {
  return `<!-- lockkeeper announces ${announcementKey(deletion)} -->`;
}

/** The deletions that a report announced, by {@link announcementKey}. */
export function readAnnouncements(summary: string): ReadonlySet<string> {
  const marks = summary.matchAll(/^<!-- lockkeeper announces (\d+ SHA256:[\w+/]+) -->$/gm);
  return new Set([...marks].flatMap(([, key]) => key ?? []));
}
