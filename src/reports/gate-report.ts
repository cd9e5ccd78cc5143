import { plural, summarize, type CheckAction, type CheckRun } from './check-run.ts';
import { codeSpan, plainMarkdown } from './escape.ts';
import { gateCheckName } from './gate-check.ts';
import type { GateDecision, GateResult } from './gate-decision.ts';
import { cutPresses, decodeGateState, encodeGateState, type ButtonPress, type GateState } from './gate-state.ts';
import { blockersFirst, headline, standingOf, type Standing, type Told } from './gate-words.ts';
import { utcText, zonedMomentText } from './moment-text.ts';

/** A policy file that the decisions go by. */
export interface GatePolicyFile {
  /** As people name it: `.github/deployments.yml`, with the repository before it where it is the owner's. */
  readonly name: string;
  /** The commit that last changed it; null where it is not known. */
  readonly commit: string | null;
  /** Address of the repository that it lies in, as GitHub gives it; null: no link is made. */
  readonly repositoryUrl: string | null;
}

/** What the check run `Lockkeeper / <environment>` of a commit tells. */
export interface GateReport {
  readonly environment: string;
  /** The commit's deployments there that were decided, oldest first: at least one. */
  readonly deployments: readonly {
    /** Says which it is, where there are several: `deployment 123`, `run 456, attempt 1`. */
    readonly label: string;
    readonly decision: GateDecision;
  }[];
  readonly files: readonly GatePolicyFile[];
  readonly told: Told;
  /** Whom `bypass` names, in one phrase; null where it names nobody. */
  readonly bypassers: string | null;
  readonly state: GateState;
}

export const REEVALUATE = 'reevaluate';
export const BYPASS = 'bypass';

const BUTTONS = {
  reevaluate: { label: 'Re-evaluate', description: 'Look at the gates again', identifier: REEVALUATE },
  bypass: { label: 'Bypass', description: 'Let it through, for 24 hours', identifier: BYPASS },
} as const satisfies Record<string, CheckAction>;

/** Renders the check run. Pure: the same report gives the same run, so that nothing is written that says the same. */
export function renderGateReport(report: GateReport): CheckRun {
  const { environment, deployments, bypassers, state } = report;
  return {
    name: gateCheckName(environment),
    // GitHub shows buttons on completed runs alone, and red ones would block merges and other deployments.
    conclusion: deployments.every(({ decision }) => decision.verdict === 'approved') ? 'success' : 'neutral',
    title: titleOf(report),
    summary: summarize([
      // First, so that it is never cut off. Nobody sees it.
      encodeGateState(state),
      ...(report.told === 'report' ? ['`mode: report`: nothing is held back. This is what would happen.'] : []),
      ...deployments.flatMap(({ label, decision }) => [
        ...(deployments.length > 1 ? [`### ${plainMarkdown(label)}`] : []),
        ...paragraphsOf(decision, report.told),
      ]),
      ...(bypassers === null ? [] : [`**Bypass** is for ${plainMarkdown(bypassers)}: ${BYPASS_RULES}`]),
      ...pressLines(state.presses),
      ...policyLine(report.files),
    ]),
    annotations: [],
    actions: bypassers === null ? [BUTTONS.reevaluate] : [BUTTONS.reevaluate, BUTTONS.bypass],
  };
}

const BYPASS_RULES = 'it covers deployments of this commit here for 24 hours, but none that its giver created.';

/** The one that needs most is named. */
function titleOf({ deployments, told }: GateReport): string {
  const order = ['rejected', 'waiting', 'approved'] as const;
  const sorted = [...deployments].sort((a, b) => order.indexOf(a.decision.verdict) - order.indexOf(b.decision.verdict));
  const [first] = sorted;
  if (first === undefined) return 'Nothing waits here';
  const more = deployments.length > 1 ? ` (${plural(deployments.length, 'deployment')})` : '';
  return `${headline(first.decision, told)}${more}`;
}

function paragraphsOf(decision: GateDecision, told: Told): readonly string[] {
  const { results, changesAt, bypass, heldUntil } = decision;
  return [
    `**${headline(decision, told)}.**`,
    ...(bypass === null ? [] : [`Bypassed by ${codeSpan(bypass.by)} at ${utcText(bypass.at)}.`]),
    ...(heldUntil === null
      ? []
      : [`It fails, and is rejected at ${zonedMomentText({ at: heldUntil, zone: 'UTC' })} unless it is bypassed.`]),
    ...(results.length === 0 ? [] : [tableOf(results)]),
    ...(changesAt === null || heldUntil !== null
      ? []
      : [`The next moment at which this may change by itself: ${plainMarkdown(zonedMomentText(changesAt))}.`]),
  ];
}

const SAYS = {
  fails: '❌ fails',
  waits: '⏳ waits',
  bypassed: '⏩ bypassed',
  passes: '✅ passes',
} as const satisfies Record<Standing, string>;

function tableOf(results: readonly GateResult[]): string {
  const head = [
    '| gate | | required | seen | who can unblock it | may change |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  // More than fits in any check run is told of by its number.
  const sorted = blockersFirst(results);
  const rows = sorted.slice(0, MOST_ROWS).map(rowOf);
  const more = sorted.length - rows.length;
  return [...head, ...rows, ...(more > 0 ? [`| and ${more} more | | | | | |`] : [])].join('\n');
}

const MOST_ROWS = 40;
/** Characters of one cell, before they are escaped. */
const LONGEST_CELL = 300;

function rowOf(result: GateResult): string {
  const { gate, code, required, seen, unblockedBy, changesAt } = result;
  const cells = [
    `\`${gate}\``,
    `${SAYS[standingOf(result)]} (\`${code}\`)`,
    plainMarkdown(required, LONGEST_CELL),
    plainMarkdown(seen, LONGEST_CELL),
    unblockedBy === null ? '' : plainMarkdown(unblockedBy, LONGEST_CELL),
    changesAt === null ? '' : plainMarkdown(zonedMomentText(changesAt)),
  ];
  return `| ${cells.join(' | ')} |`;
}

const BUTTON_NAMES = { reevaluate: 'Re-evaluate', bypass: 'Bypass' } as const;
const MOST_PRESSES = 10;

/** The newest first. */
function pressLines(presses: readonly ButtonPress[]): readonly string[] {
  const told = presses.filter(({ button, refused }) => button === 'bypass' || refused !== null);
  if (told.length === 0) return [];
  const lines = cutPresses(told, MOST_PRESSES)
    .toReversed()
    .map(
      (press) =>
        `- ${codeSpan(press.by)} pressed ${BUTTON_NAMES[press.button]} at ${utcText(press.at)}${outcomeOf(press)}`,
    );
  return [PRESSES_HEAD, lines.join('\n')];
}

function outcomeOf({ refused, late }: ButtonPress): string {
  if (refused !== null) return `, which changes nothing: ${plainMarkdown(refused, LONGEST_CELL)}`;
  return late === true ? ', when nothing waited any more: it covers what is deployed of this commit from then on' : '';
}

/**
 * The summary of a check run that was written before, with other presses in it: nothing was decided since that could be
 * told anew.
 */
export function withPressesTold(summary: string, state: GateState): string {
  const paragraphs = summary.split('\n\n');
  const at = paragraphs.indexOf(PRESSES_HEAD);
  const others = paragraphs
    .filter((_, index) => at === -1 || (index !== at && index !== at + 1))
    .filter((paragraph) => decodeGateState(paragraph) === null);
  return summarize([encodeGateState(state), ...others, ...pressLines(state.presses)]);
}

const PRESSES_HEAD = '### Buttons';

function policyLine(files: readonly GatePolicyFile[]): readonly string[] {
  if (files.length === 0) return [];
  return [`Policy: ${files.map(fileText).join(', and ')}`];
}

function fileText({ name, commit, repositoryUrl }: GatePolicyFile): string {
  if (commit === null) return codeSpan(name);
  const short = codeSpan(commit.slice(0, 12));
  if (repositoryUrl === null || !isAddress(repositoryUrl) || !/^[0-9a-f]+$/.test(commit)) {
    return `${codeSpan(name)} as of ${short}`;
  }
  return `[${codeSpan(name)}](${repositoryUrl}/blob/${commit}/.github/deployments.yml) as of [${short}](${repositoryUrl}/commit/${commit})`;
}

/** Nothing in it can end a link of Markdown's. */
function isAddress(url: string): boolean {
  return /^https?:\/\/[\w.:/-]+$/.test(url);
}
