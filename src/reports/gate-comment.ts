import { MOST_COMMENT } from '../changes/gate-change.ts';
import { codeSpan } from './escape.ts';
import type { GateDecision, GateResult } from './gate-decision.ts';
import { blockersOf, headline, type Told } from './gate-words.ts';
import { utcText, zonedMomentText } from './moment-text.ts';

/**
 * The comment with which a run of Actions is answered: Markdown, never empty, within GitHub's limit. What blocks comes
 * first; what does not fit is counted. `detailsUrl`: the check run with the whole decision; null where there is none.
 */
export function gateComment(
  decision: GateDecision,
  { told, detailsUrl }: { readonly told: Told; readonly detailsUrl: string | null },
): string {
  const { bypass, heldUntil } = decision;
  const first = told === 'report' ? [`\`mode: report\`: approved all the same.`] : [];
  const head = [
    ...first,
    `${headline(decision, told)}.`,
    ...(bypass === null ? [] : [`Bypassed by ${codeSpan(bypass.by)} at ${utcText(bypass.at)}.`]),
    ...(heldUntil === null ? [] : [`Rejected at ${zonedMomentText({ at: heldUntil, zone: 'UTC' })} unless bypassed.`]),
  ].join(' ');
  const tail = detailsUrl !== null && detailsUrl.length <= LONGEST_ADDRESS ? `\n\n${detailsUrl}` : '';
  return head + blockerLines(blockersOf(decision.results), MOST_COMMENT - head.length - tail.length) + tail;
}

const LONGEST_ADDRESS = 200;
/** Kept for saying how many do not fit. */
const COUNT = '\n- and 1000 more'.length;

function blockerLines(blockers: readonly GateResult[], room: number): string {
  let text = '';
  for (const [index, blocker] of blockers.entries()) {
    const left = room - text.length - (index === blockers.length - 1 ? 0 : COUNT);
    // Every further one is to have at least its code said.
    const shortOnes = blockers.slice(index + 1).reduce((sum, one) => sum + shortLine(one).length, 0);
    const line = versionsOf(blocker).find(({ length }) => length <= Math.max(left - shortOnes, 0));
    const chosen = line ?? shortLine(blocker);
    if (chosen.length > left) return `${text}\n- and ${blockers.length - index} more`;
    text += chosen;
  }
  return text;
}

/** Longest first. */
function versionsOf(blocker: GateResult): readonly string[] {
  const { required, seen, unblockedBy, changesAt } = blocker;
  const line = shortLine(blocker);
  const may = changesAt === null ? '' : `; may change ${zonedMomentText(changesAt)}`;
  const unblock = unblockedBy === null ? '' : `; unblocked by ${codeSpan(unblockedBy)}`;
  const brief = cut(seen);
  return [
    `${line}: ${codeSpan(seen)}; required: ${codeSpan(required)}${unblock}${may}`,
    `${line}: ${codeSpan(seen)}; required: ${codeSpan(required)}${may}`,
    `${line}: ${codeSpan(seen)}${may}`,
    `${line}: ${codeSpan(brief)}${may}`,
    `${line}${may}`,
  ];
}

function shortLine({ gate, verdict, code }: GateResult): string {
  return `\n- \`${gate}\` ${verdict} (\`${code}\`)`;
}

const BRIEF = 60;

function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length <= BRIEF ? text : `${characters.slice(0, BRIEF - 1).join('')}…`;
}
