import { readEnvironment, UNPROTECTED, type EnvironmentSettings } from '../github/environments.ts';
import { GitHubError } from '../github/port.ts';
import { knownRefusal, tellNotTried, tellRefused } from './apply-protection-refusal.ts';
import type { ProtectionRun } from './apply-protection.ts';
import { includesSettings, namedAs, settingsBody } from './environment-settings.ts';
import { SETTING_KEYS, type EnvironmentCreation, type SettingChange } from './protection-change.ts';

type Change = EnvironmentCreation | SettingChange;

/** Once so many requests have gone out, an environment is read again before it is written: others may change it too. */
const WRITES_BETWEEN_READS = 10;

type Named = Partial<EnvironmentSettings>;

/** An environment while its settings are seen to. */
interface Work {
  readonly name: string;
  base: EnvironmentSettings;
  exists: boolean;
  /** What is so now. */
  readonly made: Set<Change>;
  /** Why GitHub refused something of it. */
  refusal: string | null;
}

/** How an environment stands when its settings have been seen to. */
export interface SettingsMade {
  readonly exists: boolean;
  /** Its branch policy is as it was to be. */
  readonly branchPolicy: boolean;
  /** Why GitHub refused something of it; null where it did not. */
  readonly refusal: string | null;
}

/**
 * Makes one PUT of all that is to be set on an environment. PUT sets back what it leaves out, so that everything else
 * goes along as it was. What GitHub refuses as a whole is tried key by key: a plan may offer some and not others.
 * @throws GitHubError
 */
export async function applySettings(
  run: ProtectionRun,
  wanted: { readonly creation: EnvironmentCreation | null; readonly settings: readonly SettingChange[] },
): Promise<SettingsMade> {
  const { creation } = wanted;
  const settings = SETTING_KEYS.flatMap((key) => wanted.settings.filter((change) => change.key === key));
  const name = (creation ?? settings[0])?.environment;
  if (name === undefined) return { exists: true, branchPolicy: true, refusal: null };
  const base = settings[0]?.expect ?? UNPROTECTED;
  const work: Work = { name, base, exists: creation === null, made: new Set(), refusal: null };
  const changes = creation === null ? settings : [creation, ...settings];
  const mayCreate = settings.every((change) => change.mayCreate);
  const isOld = creation !== null || !mayCreate || run.writes >= WRITES_BETWEEN_READS;
  await put(run, work, isOld ? await lookAgain(run, work, { changes, doneIs: 'already' }) : changes);
  const policy = settings.find(({ key }) => key === 'deployment_branch_policy');
  return { exists: work.exists, branchPolicy: policy === undefined || work.made.has(policy), refusal: work.refusal };
}

async function put(run: ProtectionRun, work: Work, changes: readonly Change[]): Promise<void> {
  const due: Change[] = [];
  for (const change of changes) {
    const known = knownRefusal(run, change);
    work.refusal ??= known;
    if (known === null) due.push(change);
    else if (change.kind === 'create_environment') {
      // Whatever else is sent would make it.
      for (const other of changes) if (other !== change) tellNotTried(run, other, known);
      return;
    }
  }
  if (due.length === 0) return;
  const refusal = await send(run, work, due);
  if (refusal === null) return;
  if (due.length === 1 || refusal.kind === 'forbidden') {
    work.refusal ??= refusal.message;
    for (const change of due) tellRefused(run, change, refusal);
    return;
  }
  for (const change of due) {
    // Who may not make an environment cannot set anything on it.
    if (work.exists || change.kind === 'create_environment') await put(run, work, [change]);
    else tellNotTried(run, change, work.refusal);
  }
}

/** Sends the request, twice where nobody knows what came of the first. Null where it was carried out. */
async function send(run: ProtectionRun, work: Work, changes: readonly Change[]): Promise<GitHubError | null> {
  let due = changes;
  for (let isAgain = false; ; isAgain = true) {
    due = withoutVain(run, work, due);
    if (due.length === 0) return null;
    try {
      const named = settingsIn(due);
      run.writes += 1;
      await run.github.send('PUT /repos/{owner}/{repo}/environments/{environment_name}', {
        owner: run.repository.owner,
        repo: run.repository.name,
        environment_name: work.name,
        ...settingsBody(work.base, named),
      });
      work.exists = true;
      work.base = { ...work.base, ...named };
      for (const change of due) tellDone(run, work, change, 'applied');
      return null;
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      if (error.kind === 'refused' || error.kind === 'forbidden' || error.kind === 'not_found') return error;
      if (error.kind !== 'lost' || isAgain) throw error;
      due = await lookAgain(run, work, { changes: due, doneIs: 'applied' });
    }
  }
}

/** GitHub takes `prevent_self_review` without reviewers, and forgets it: where they could not come, it is not sent. */
function withoutVain(run: ProtectionRun, work: Work, changes: readonly Change[]): readonly Change[] {
  const named = settingsIn(changes);
  const { preventSelfReview, reviewers } = { ...work.base, ...named };
  if (!preventSelfReview || reviewers.length > 0) return changes;
  return changes.filter((change) => {
    if (!('to' in change) || change.to.preventSelfReview !== true) return true;
    tellNotTried(run, change, work.refusal);
    return false;
  });
}

function settingsIn(changes: readonly Change[]): Named {
  return changes.reduce<Named>((all, change) => ('to' in change ? { ...all, ...change.to } : all), {});
}

/** Reads the environment again, tells of what needs no write any more, and gives back the rest. */
async function lookAgain(
  run: ProtectionRun,
  work: Work,
  { changes, doneIs }: { readonly changes: readonly Change[]; readonly doneIs: 'already' | 'applied' },
): Promise<readonly Change[]> {
  const current = await readEnvironment(run.github, run.repository, work.name);
  work.exists = current !== null;
  if (current === null) {
    if (changes.some(({ kind }) => kind === 'create_environment')) return changes;
    // Somebody has deleted it: a PUT would bring it back.
    for (const change of changes) run.listener.outcome({ change, result: 'overtaken' });
    return [];
  }
  const { settings } = current;
  work.base = settings;
  return changes.filter((change) => {
    if (change.kind === 'create_environment' || includesSettings(settings, change.to)) {
      tellDone(run, work, change, doneIs);
      return false;
    }
    // Of all the settings, only those that are to change have to be as they were.
    if (includesSettings(settings, namedAs(change.expect, change.to))) return true;
    run.listener.outcome({ change, result: 'overtaken' });
    return false;
  });
}

function tellDone(run: ProtectionRun, work: Work, change: Change, result: 'already' | 'applied'): void {
  work.made.add(change);
  run.listener.outcome({ change, result });
}
