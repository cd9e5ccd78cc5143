import type { AskedCandidate } from '../gates/asked.ts';
import type { ProtectionRuleAnswer } from '../changes/gate-change.ts';
import { giveAnswers, type GateActing } from './act-on-gates.ts';
import { gateMemoryKey } from './gates-memory.ts';
import type { GatesLook } from './gates-look.ts';
import { runsThatAsk } from './job.ts';
import type { JobContext } from './run-job.ts';

/**
 * Approves runs that ask where nothing can hold them back, saying so: the rule is enabled, and there is no policy, or no
 * gate and no freeze in it for this environment. Nothing is read for it.
 * @throws GitHubError
 */
export async function approveUngated(
  context: JobContext,
  acting: GateActing,
  {
    look,
    asked,
  }: { readonly look: Pick<GatesLook, 'environment' | 'policy'>; readonly asked: readonly AskedCandidate[] },
): Promise<void> {
  const { memory } = context;
  const { repository } = acting.job;
  const why =
    look.policy.kind === 'none'
      ? 'this repository has no policy.'
      : 'the policy has no gates for this environment, and no freeze is in force.';
  // One that asks now asks for another job or attempt than was answered; one that was found may wait for somebody else.
  const asksNow = new Set(runsThatAsk(acting.job).flatMap(({ run, found }) => (found === true ? [] : [run])));
  const spelled = memory.spellings.spellings(repository.id, look.environment).at(-1) ?? look.environment;
  const keys = new Map<ProtectionRuleAnswer, string>();
  for (const one of asked) {
    if (one.kind !== 'run') continue;
    const { run, deployment = null, environment = spelled } = one;
    const key = gateMemoryKey(repository, look.environment, ['run', run, deployment ?? 'unknown'].join('/'));
    if (memory.gates.answered.has(key) && !asksNow.has(run)) continue;
    const change: ProtectionRuleAnswer = {
      kind: 'answer_protection_rule',
      run,
      environment,
      state: 'approved',
      comment: `Approved: ${why}`,
      rule: 'gates',
      reason: `Nothing holds the run back: ${why}`,
    };
    keys.set(change, key);
  }
  const done = await giveAnswers(context, acting, [...keys.keys()]);
  for (const [change, key] of keys) {
    if (!done.has(change)) continue;
    memory.gates.answered.set(key, true);
    acting.log.info(
      { environment: look.environment, run: change.run, decision: 'approved', reason: why },
      'Gates decided',
    );
  }
}
