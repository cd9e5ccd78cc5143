import { z } from 'zod';
import type { Bypassing } from './gate-decision.ts';

/*
 * What the check run `Lockkeeper / <environment>` of a commit says to the next process. GitHub is the only database: what
 * was approved, reported or bypassed is written there and nowhere else.
 */

/** What the app has said of one candidate. */
export interface GateAnswer {
  /** As in `Candidate.key`: `deployment/123`, `run/456/1/789`. */
  readonly key: string;
  /** The deployment's number; null where GitHub did not say which it is. */
  readonly deployment: number | null;
  /** Null: it waits, as far as was said. */
  readonly answered: 'approved' | 'rejected' | null;
  /** When that was said. Milliseconds since the epoch. */
  readonly at: number;
  /** Reports to the run so far, the decision not counted. */
  readonly reports: number;
  /** A digest of the reasons that were last said. */
  readonly said: string;
  /** What the status of a deployment of the API's says, once it is decided. */
  readonly text?: string;
}

/** Somebody pressed a button. */
export interface ButtonPress {
  readonly button: 'reevaluate' | 'bypass';
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Null: it counted. Else why it changed nothing. */
  readonly refused: string | null;
  /** Nothing waited any more: a bypass covers what is deployed from then on. */
  readonly late?: true;
  /** The same in every delivery of it: a press that is here is not counted again. */
  readonly id?: string;
}

export interface GateState {
  /** Oldest first. */
  readonly answers: readonly GateAnswer[];
  /** Oldest first. */
  readonly presses: readonly ButtonPress[];
}

export const NO_GATE_STATE: GateState = { answers: [], presses: [] };

/** More of either is forgotten, the oldest first; of presses as {@link cutPresses} says. */
const MOST = 50;

/** A press of Bypass covers so much time. Milliseconds. */
export const BYPASS_COVERS = 24 * 3_600_000;

/** Presses of Bypass that counted: those of the last day cover something. */
export function bypassesOf({ presses }: GateState): readonly Bypassing[] {
  return presses
    .filter(({ button, refused }) => button === 'bypass' && refused === null)
    .map(({ by, at }) => ({ by, at }));
}

/** The state with an answer in the place of an earlier one of the same candidate. */
export function withAnswer(state: GateState, answer: GateAnswer): GateState {
  const others = state.answers.filter(({ key }) => key !== answer.key);
  return { ...state, answers: [...others, answer].slice(-MOST) };
}

export function withPress(state: GateState, press: ButtonPress): GateState {
  return { ...state, presses: cutPresses([...state.presses, press], MOST) };
}

/** Whether a press was written down before: GitHub delivers again what it is asked to, and whoever has a delivery may too. */
export function wasPressed({ presses }: GateState, { id }: Pick<ButtonPress, 'id'>): boolean {
  return id !== undefined && presses.some((press) => press.id === id);
}

/**
 * The presses that are worth keeping, oldest first as they were given. Everybody can press in vain: such presses go first,
 * so that nobody presses another one's bypass away. Each person's newest bypass stays while it covers anything.
 * @param most as long as not more people have bypassed in a day.
 */
export function cutPresses(presses: readonly ButtonPress[], most: number): readonly ButtonPress[] {
  const now = Math.max(...presses.map(({ at }) => at));
  const covering = new Set(
    new Map(
      presses
        .filter(({ button, refused, at }) => button === 'bypass' && refused === null && now < at + BYPASS_COVERS)
        .map((press) => [press.by.toLowerCase(), press]),
    ).values(),
  );
  const worth = (press: ButtonPress): number => (covering.has(press) ? 2 : press.refused === null ? 1 : 0);
  const newestFirst = presses.toReversed().sort((a, b) => worth(b) - worth(a) || b.at - a.at);
  const kept = new Set(newestFirst.slice(0, Math.max(most, covering.size)));
  return presses.filter((press) => kept.has(press));
}

/**
 * Two versions of what was said on one commit as one: of each candidate what was said last, and every press. What this
 * process wrote a moment ago may not be in what GitHub answers yet.
 */
export function mergeGateStates(a: GateState, b: GateState): GateState {
  const answers = new Map<string, GateAnswer>();
  for (const answer of [...a.answers, ...b.answers].sort((one, other) => one.at - other.at)) {
    // What is decided stays decided.
    const before = answers.get(answer.key)?.answered ?? null;
    if (before === null || answer.answered !== null) answers.set(answer.key, answer);
  }
  // Of one press, what was written down first.
  const presses = new Map(
    [...a.presses, ...b.presses]
      .sort((one, other) => other.at - one.at)
      .map((press) => [press.id ?? JSON.stringify(press), press]),
  );
  return {
    answers: [...answers.values()].slice(-MOST),
    presses: cutPresses(
      [...presses.values()].sort((one, other) => one.at - other.at),
      MOST,
    ),
  };
}

/** At the very beginning, where nothing that somebody else wrote can stand. */
const MARK = /^<!-- lockkeeper-gates:([\w-]+) -->/;

const stored = z.object({
  answers: z.array(
    z.object({
      key: z.string(),
      deployment: z.number().nullable(),
      answered: z.enum(['approved', 'rejected']).nullable(),
      at: z.number(),
      reports: z.number(),
      said: z.string(),
      text: z.string().exactOptional(),
    }),
  ),
  presses: z.array(
    z.object({
      button: z.enum(['reevaluate', 'bypass']),
      by: z.string(),
      at: z.number(),
      refused: z.string().nullable(),
      late: z.literal(true).exactOptional(),
      id: z.string().exactOptional(),
    }),
  ),
});

/** The state as a comment that a check run's Markdown does not show. */
export function encodeGateState(state: GateState): string {
  return `<!-- lockkeeper-gates:${Buffer.from(JSON.stringify(state)).toString('base64url')} -->`;
}

/** The state in a check run's Markdown; null where there is none that can be understood. */
export function decodeGateState(markdown: string): GateState | null {
  const text = MARK.exec(markdown)?.[1];
  if (text === undefined) return null;
  try {
    return stored.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return null;
  }
}
