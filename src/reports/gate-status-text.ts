import { visibleText } from './escape.ts';
import type { GateDecision, GateResult } from './gate-decision.ts';
import { blockersOf } from './gate-words.ts';
import { utcText } from './moment-text.ts';
import { MOST_DESCRIPTION } from './status-text.ts';

const MINUTE = 60_000;

/**
 * The description of the deployment status that answers a deployment of the API's. It begins with `Approved`, `Waiting`
 * or `Rejected`, which deploy systems may look for, and keeps within GitHub's limit.
 */
export function gateStatusText({ verdict, results, bypass, heldUntil }: GateDecision): string {
  if (verdict === 'approved') {
    if (bypass !== null) return fit(`Approved: bypassed by ${plain(bypass.by)}`);
    if (results.length === 0) return 'Approved: no gates, and no freeze';
    return `Approved: ${results.length === 1 ? 'its gate passes' : `all ${results.length} gates pass`}`;
  }
  const reasons = blockersOf(results).map(reasonOf).join('; ');
  if (verdict === 'rejected') return fit(`Rejected: ${reasons}`);
  const held = heldUntil === null ? '' : ` to be bypassed until ${upwards(heldUntil)}`;
  return fit(`Waiting${held}: ${reasons}`);
}

function reasonOf({ gate, seen, changesAt }: GateResult): string {
  return `${gate}: ${plain(seen)}${changesAt === null ? '' : ` (until ${upwards(changesAt.at)})`}`;
}

function upwards(at: number): string {
  return utcText(Math.ceil(at / MINUTE) * MINUTE);
}

/** A description is no Markdown, in which a mention could be taken apart: another sign takes the place of the at sign. */
function plain(text: string): string {
  return visibleText(text).replaceAll('@', '＠');
}

/** Never through the middle of a character. */
function fit(text: string): string {
  if (text.length <= MOST_DESCRIPTION) return text;
  return `${text.slice(0, MOST_DESCRIPTION - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
