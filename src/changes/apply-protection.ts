import type { RepositoryRef } from '../github/ids.ts';
import type { GitHub } from '../github/port.ts';
import type { ApplyListener } from './apply.ts';
import { applyProtectionPart } from './apply-protection-part.ts';
import { applySettings, type SettingsMade } from './apply-environment-settings.ts';
import { tellNotTried } from './apply-protection-refusal.ts';
import type { ProtectionChange, ProtectionKey } from './protection-change.ts';
import type { ProtectionPart } from './read-protection.ts';

/** What one application of protection knows and learns on its way. */
export interface ProtectionRun {
  readonly github: GitHub;
  readonly repository: RepositoryRef;
  readonly listener: ApplyListener;
  /** What turned out not to be allowed in this repository, with GitHub's words: it is not tried again. */
  readonly notAllowed: Map<ProtectionKey, string>;
  /** Requests sent since the changes were decided. */
  writes: number;
}

/**
 * Makes environments as their entries say, one after the other. Within each what tightens comes before what may loosen,
 * and what is missing before what is surplus; where one of these fails, what depends on it is left for another time.
 * @throws GitHubError where GitHub is unavailable or asks to wait
 */
export async function applyProtection(
  context: Pick<ProtectionRun, 'github' | 'repository' | 'listener'>,
  changes: readonly ProtectionChange[],
): Promise<void> {
  const run: ProtectionRun = { ...context, notAllowed: new Map(), writes: 0 };
  const byEnvironment = new Map<string, ProtectionChange[]>();
  for (const change of changes) {
    const others = byEnvironment.get(change.environment);
    if (others === undefined) byEnvironment.set(change.environment, [change]);
    else others.push(change);
  }
  for (const some of byEnvironment.values()) await applyToEnvironment(run, some);
}

async function applyToEnvironment(run: ProtectionRun, changes: readonly ProtectionChange[]): Promise<void> {
  const creation = changes.find((change) => change.kind === 'create_environment') ?? null;
  const settings = changes.filter((change) => change.kind === 'environment_setting');
  const rules = changes.filter((change) => change.kind === 'enable_custom_rule');
  const variables = changes.filter((change) => change.kind === 'set_variable');
  if (creation === null) await applyEach(run, rules);
  const made = await applySettings(run, { creation, settings });
  if (!made.exists) {
    for (const change of changes) if (isLater(change)) tellNotTried(run, change, made.refusal);
    return;
  }
  if (creation !== null) await applyEach(run, rules);
  await applyPatterns(run, changes, made);
  await applyEach(run, variables);

  function isLater({ kind }: ProtectionChange): boolean {
    const isDone = creation === null && kind === 'enable_custom_rule';
    return !isDone && kind !== 'create_environment' && kind !== 'environment_setting';
  }
}

/** Surplus patterns go only where no missing one failed to come. */
async function applyPatterns(
  run: ProtectionRun,
  changes: readonly ProtectionChange[],
  { branchPolicy, refusal }: SettingsMade,
): Promise<void> {
  const additions = changes.filter((change) => change.kind === 'add_branch_pattern');
  const removals = changes.filter((change) => change.kind === 'remove_branch_pattern');
  if (!branchPolicy) {
    for (const change of [...additions, ...removals]) tellNotTried(run, change, refusal);
    return;
  }
  const areThere = await applyEach(run, additions);
  if (areThere) await applyEach(run, removals);
  else for (const change of removals) tellNotTried(run, change, null);
}

/** Resolves to whether all of them are so now. */
async function applyEach(run: ProtectionRun, changes: readonly ProtectionPart[]): Promise<boolean> {
  let areMade = true;
  for (const change of changes) areMade = (await applyProtectionPart(run, change)) && areMade;
  return areMade;
}
