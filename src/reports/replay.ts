import { lineList, plural, type Paragraph } from './check-run.ts';
import { codeSpan, plainMarkdown, visibleText } from './escape.ts';
import type { GateDecision } from './gate-decision.ts';
import { gateDecisionDocument, type GateDecisionDocument } from './gate-document.ts';
import { blockersOf } from './gate-words.ts';
import { utcText } from './moment-text.ts';
import type { Paint } from './paint.ts';

/** A deployment that there was, decided again as of its time. */
export interface ReplayedDeployment {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  /** When it went ahead; where it never did, when it was made. Milliseconds since the epoch. */
  readonly at: number;
  readonly wentAhead: boolean;
  /** Under the policy in force. */
  readonly today: GateDecision;
  /** Under the policy that was given; null where none was. */
  readonly given: GateDecision | null;
  readonly differs: boolean;
}

export interface Replay {
  /** What the decisions are compared with. */
  readonly compared: 'happened' | 'policies';
  readonly deployments: readonly ReplayedDeployment[];
  /** Environments that were not looked at, because there are so many. */
  readonly leftOut: readonly string[];
}

/** What GitHub does not keep. */
export const NOT_KNOWN_THEN =
  'As of then: checks, reviews, deployments and the calendar. As of now: who is in which team, who can write, and what branches contain. Bypasses are left out.';

/** What differs, a line each and below it why, and the count. */
export function replayLines(replay: Replay, paint: Paint): readonly string[] {
  const different = replay.deployments.filter(({ differs }) => differs);
  return [
    ...different.flatMap((one) => [
      `${paint('yellow', '~')} deployment ${one.id} ${visibleText(one.environment)} (${visibleText(one.ref)}, ${utcText(one.at)}): ${before(one)} → ${(one.given ?? one.today).verdict}`,
      ...reasonsOf(one).map((reason) => paint('dim', `    ${reason}`)),
    ]),
    ...(different.length > 0 ? [''] : []),
    paint('bold', replaySummary(replay)),
    ...(replay.leftOut.length > 0
      ? [`Not looked at: ${replay.leftOut.map((name) => visibleText(name)).join(', ')}.`]
      : []),
    ...(replay.deployments.length > 0 ? [NOT_KNOWN_THEN] : []),
  ];
}

/** One sentence. */
export function replaySummary({ compared, deployments }: Replay): string {
  if (deployments.length === 0) return 'There are no deployments of gated environments to decide again.';
  const different = deployments.filter(({ differs }) => differs).length;
  const of = `Of the last ${plural(deployments.length, 'deployment')} of gated environments`;
  if (compared === 'happened') return `${of}, ${different} went ahead that this policy would not have let through.`;
  return `${of}, ${different} would have been decided differently.`;
}

function before({ given, today }: ReplayedDeployment): string {
  return given === null ? 'went ahead' : today.verdict;
}

/** Why, of whichever decision holds back. */
export function reasonsOf({ given, today }: ReplayedDeployment): readonly string[] {
  const blocked = given === null || given.verdict === 'approved' ? today : given;
  const gone = given?.verdict === 'approved' ? 'no longer: ' : '';
  return blockersOf(blocked.results).map(
    ({ gate, required, seen }) => `${gone}${gate} asks for ${visibleText(required)}; there was ${visibleText(seen)}`,
  );
}

/** So many are listed where there is little room. */
const MOST_LISTED = 10;

/** For the check run of a proposed policy: the count, and some of what differs, as Markdown. */
export function replayParagraphs(replay: Replay | null): readonly Paragraph[] {
  if (replay === null || replay.deployments.length === 0) return [];
  const different = replay.deployments.filter(({ differs }) => differs);
  const listed = different.slice(0, MOST_LISTED).map((one) => {
    const where = `deployment ${one.id} of ${codeSpan(one.environment)} (${codeSpan(one.ref)})`;
    const why = reasonsOf(one).map(plainMarkdown).join('; ');
    return `- ${where}: ${before(one)} → ${(one.given ?? one.today).verdict}${why === '' ? '' : `: ${why}`}`;
  });
  const more = different.length - listed.length;
  return [
    '### Past deployments',
    replaySummary(replay),
    ...(listed.length === 0 ? [] : [lineList(listed)]),
    ...(more > 0 ? [`… and ${more} more.`] : []),
    ...(replay.leftOut.length > 0 ? [`Environments that were not looked at: ${replay.leftOut.length}.`] : []),
  ];
}

/** What `lockkeeper replay --json` prints. */
export interface ReplayDocument {
  readonly version: 1;
  readonly repository: string;
  readonly compared: Replay['compared'] | null;
  readonly deployments: readonly {
    readonly id: number;
    readonly environment: string;
    readonly sha: string;
    readonly ref: string;
    readonly at: string;
    readonly wentAhead: boolean;
    readonly differs: boolean;
    readonly today: GateDecisionDocument;
    readonly given: GateDecisionDocument | null;
  }[];
  readonly summary: { readonly deployments: number; readonly differ: number };
  readonly leftOut: readonly string[];
  readonly diagnostics: readonly object[];
}

export function replayDocument(
  repository: string,
  replay: Replay | null,
  diagnostics: readonly object[] = [],
): ReplayDocument {
  const deployments = replay?.deployments ?? [];
  return {
    version: 1,
    repository,
    compared: replay?.compared ?? null,
    deployments: deployments.map(({ at, today, given, ...one }) => ({
      ...one,
      at: new Date(at).toISOString(),
      today: gateDecisionDocument(today),
      given: given === null ? null : gateDecisionDocument(given),
    })),
    summary: { deployments: deployments.length, differ: deployments.filter(({ differs }) => differs).length },
    leftOut: replay?.leftOut ?? [],
    diagnostics,
  };
}
