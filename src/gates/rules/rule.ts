import type { Gate } from '../../policy/schema.ts';
import type { GateCode, GateName, GateResult, ZonedMoment } from '../../reports/gate-decision.ts';
import type { Beside } from '../beside.ts';
import type { NeededFacts } from '../needed-facts.ts';
import type { Candidate, Fact } from '../snapshot.ts';

/** What a gate decides from. */
export interface RuleInput {
  readonly candidate: Candidate;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The environment's other deployments. */
  readonly beside: Fact<Beside>;
}

/** What a gate says of one deployment, without what it asks for. */
export type Said = Pick<GateResult, 'verdict' | 'code' | 'seen' | 'unblockedBy' | 'changesAt'>;

/**
 * What has to be known before a gate is asked. `itself`: the deployment alone. `newer`: which others fail by themselves.
 * `order`: which others go, oldest first.
 */
export type LooksAt = 'itself' | 'newer' | 'order';

/** One gate: what it must know, and how it decides. `Value` is what the policy gives it. */
interface RuleDefinition<Value> {
  readonly name: GateName;
  /** The gate's value, where `gate` is this one. */
  readonly of: (gate: Gate) => Value | undefined;
  readonly looksAt: LooksAt;
  readonly needs: (value: Value) => NeededFacts;
  /** What the policy asks for, in one phrase. */
  readonly required: (value: Value) => string;
  readonly decide: (value: Value, input: RuleInput) => Said;
}

/** A gate of the policy, ready to be asked. */
export interface AskableGate {
  readonly name: GateName;
  readonly looksAt: LooksAt;
  readonly needs: NeededFacts;
  readonly ask: (input: RuleInput) => GateResult;
}

/** Makes a gate of the policy ready to be asked; null where it is another rule's. */
export type Rule = (gate: Gate) => AskableGate | null;

export function defineRule<Value>({ name, of, looksAt, needs, required, decide }: RuleDefinition<Value>): Rule {
  return (gate) => {
    const value = of(gate);
    if (value === undefined) return null;
    return {
      name,
      looksAt,
      needs: needs(value),
      ask: (input) => ({ gate: name, required: required(value), ...decide(value, input), bypassed: false }),
    };
  };
}

export function passes(code: GateCode, seen: string): Said {
  return { verdict: 'passes', code, seen, unblockedBy: null, changesAt: null };
}

export function waits(
  code: GateCode,
  { seen, unblockedBy, changesAt = null }: Blocking & { readonly changesAt?: ZonedMoment | null },
): Said {
  return { verdict: 'waits', code, seen, unblockedBy, changesAt };
}

export function fails(code: GateCode, { seen, unblockedBy }: Blocking): Said {
  return { verdict: 'fails', code, seen, unblockedBy, changesAt: null };
}

interface Blocking {
  readonly seen: string;
  readonly unblockedBy: string;
}

/** What cannot be read makes a gate wait, never pass. */
export function unreadable(what: string, { why }: { readonly why: string }): Said {
  return waits('fact_unreadable', {
    seen: `${what} could not be read: ${why}`,
    unblockedBy: 'nobody has to: it is read again',
  });
}
