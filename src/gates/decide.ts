import type { GateDecision, GateResult, ZonedMoment } from '../reports/gate-decision.ts';
import { BYPASS_COVERS } from '../reports/gate-state.ts';
import { describeActors } from './actors.ts';
import type { Beside } from './beside.ts';
import { byAge, decideBeside, type Progress } from './decide-beside.ts';
import { decideBypass, type Covering } from './decide-bypass.ts';
import { decideFreezes } from './decide-freezes.ts';
import { bypassOf, gatesOf, type GatesPolicy } from './gates-policy.ts';
import type { AskableGate, LooksAt } from './rules/rule.ts';
import type { Candidate, Fact, GatesSnapshot } from './snapshot.ts';

/** Where `bypass` names somebody, a failing deployment is rejected no sooner after its creation. Milliseconds. */
export const HELD_FOR = 3_600_000;

export interface GatesQuestion {
  readonly snapshot: GatesSnapshot;
  readonly policy: GatesPolicy;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A candidate, and what its gates have said so far. */
interface Looked {
  readonly candidate: Candidate;
  readonly covering: Covering | null;
  /** Freezes, or that the policy cannot be gone by. */
  readonly first: readonly GateResult[];
  /** By gate. */
  readonly said: Map<AskableGate, GateResult>;
}

/**
 * What becomes of all that waits in one environment, by `Candidate.key`. They are looked at together: who fails by
 * itself stands in nobody's way, and of those that could go, the oldest goes first.
 *
 * Pure: the same snapshot, policy and time give the same decisions.
 */
export function decideGates(question: GatesQuestion): ReadonlyMap<string, GateDecision> {
  const { snapshot, policy, now } = question;
  const gates = gatesOf(policy);
  const looked = [...snapshot.candidates].sort(byAge).map((candidate): Looked => {
    const covering = decideBypass(policy, candidate, now);
    const first = [...decideFreezes(policy, { environment: snapshot.environment, at: now }), ...unusable(policy)];
    return { candidate, covering, first: first.map((one) => letThrough(one, covering)), said: new Map() };
  });
  const ask = (one: Looked, looksAt: LooksAt, progress: Progress): void => {
    const { candidate, covering, said } = one;
    const asked = gates.filter((gate) => gate.looksAt === looksAt);
    if (asked.length === 0) return;
    const beside = looksAt === 'itself' ? NOT_LOOKED : decideBeside(snapshot, candidate, progress);
    for (const gate of asked) said.set(gate, letThrough(gate.ask({ candidate, now, beside }), covering));
  };

  for (const one of looked) ask(one, 'itself', NOBODY);
  const contending = looked.filter((one) => !isFailing(one)).map(({ candidate }) => candidate);
  for (const one of looked) ask(one, 'newer', { ...NOBODY, contending });
  const released: Candidate[] = [];
  const ahead: Candidate[] = [];
  for (const one of looked) {
    ask(one, 'order', { ...NOBODY, released, ahead });
    if (blockers(one).length === 0) released.push(one.candidate);
    else if (waitsForOrderAlone(one)) ahead.push(one.candidate);
  }
  return new Map(looked.map((one) => [one.candidate.key, conclude(one, gates, question)]));
}

/** Who looks at itself alone is not shown the others. */
const NOT_LOOKED: Fact<Beside> = { kind: 'unreadable', why: 'they were not looked at' };
const NOBODY: Progress = { contending: [], released: [], ahead: [] };

/** The earliest moment at which any of the decisions may change by itself; null where none is known to. */
export function nextLook(decisions: Iterable<Pick<GateDecision, 'changesAt'>>): ZonedMoment | null {
  return earliest([...decisions].map(({ changesAt }) => changesAt));
}

function conclude(one: Looked, gates: readonly AskableGate[], { policy, now }: GatesQuestion): GateDecision {
  const { candidate, covering } = one;
  const results = [...one.first, ...gates.flatMap((gate) => one.said.get(gate) ?? [])];
  const blocking = blockers(one);
  const bypassing = bypassOf(policy);
  const { createdAt } = candidate;
  const heldUntil = bypassing === null || createdAt === null ? null : createdAt + HELD_FOR;
  // While it is not known when it was created, nobody can say that its hour is over.
  const isHeld = isFailing(one) && bypassing !== null && (heldUntil === null || now < heldUntil);
  const verdict = blocking.length === 0 ? 'approved' : isFailing(one) && !isHeld ? 'rejected' : 'waiting';
  const bypass = results.some(({ bypassed }) => bypassed) && covering !== null ? covering.press : null;
  const isFinal = verdict !== 'waiting';
  return {
    verdict,
    results: results.map((result) => withBypassers(result, policy)),
    changesAt: isFinal
      ? null
      : isHeld
        ? heldUntil === null
          ? null
          : { at: heldUntil, zone: 'UTC' }
        : earliest([
            ...blocking.map(({ changesAt }) => changesAt),
            ...(bypass === null ? [] : [{ at: bypass.at + BYPASS_COVERS, zone: 'UTC' }]),
          ]),
    bypass,
    heldUntil: isHeld ? heldUntil : null,
  };
}

/** Says that those may let it through whom `bypass` names. */
function withBypassers(result: GateResult, policy: GatesPolicy): GateResult {
  const bypass = bypassOf(policy);
  const { unblockedBy, gate, bypassed } = result;
  if (bypass === null || unblockedBy === null || bypassed || !canBypass(gate, bypass.freezes)) return result;
  return { ...result, unblockedBy: `${unblockedBy}; or a bypass by ${describeActors(bypass)}` };
}

function letThrough(result: GateResult, covering: Covering | null): GateResult {
  if (result.verdict === 'passes' || covering === null) return result;
  return canBypass(result.gate, covering.coversFreezes) ? { ...result, bypassed: true } : result;
}

function canBypass(gate: GateResult['gate'], freezes: boolean): boolean {
  return gate === 'freeze' ? freezes : gate !== 'policy';
}

function blockers({ first, said }: Looked): readonly GateResult[] {
  return [...first, ...said.values()].filter(({ verdict, bypassed }) => verdict !== 'passes' && !bypassed);
}

function isFailing(one: Looked): boolean {
  return blockers(one).some(({ verdict }) => verdict === 'fails');
}

function waitsForOrderAlone({ first, said }: Looked): boolean {
  const isBlocking = ({ verdict, bypassed }: GateResult): boolean => verdict !== 'passes' && !bypassed;
  return !first.some(isBlocking) && [...said].every(([{ looksAt }, one]) => looksAt === 'order' || !isBlocking(one));
}

function unusable(policy: GatesPolicy): readonly GateResult[] {
  const why = policy.kind === 'unusable' ? policy.why : policy.kind === 'usable' ? entryProblem(policy.entry) : null;
  if (why === null) return [];
  return [
    {
      gate: 'policy',
      verdict: 'waits',
      code: 'policy_not_usable',
      required: 'a policy that can be gone by',
      seen: why,
      unblockedBy: 'who may change the policy',
      changesAt: null,
      bypassed: false,
    },
  ];
}

function entryProblem(entry: Extract<GatesPolicy, { readonly kind: 'usable' }>['entry']): string | null {
  return entry === null || entry.unusable.length === 0 ? null : entry.unusable.join('; ');
}

function earliest(moments: readonly (ZonedMoment | null)[]): ZonedMoment | null {
  return moments.reduce((first, one) => (one !== null && (first === null || one.at < first.at) ? one : first), null);
}
