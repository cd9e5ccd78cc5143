import { environmentKey, type RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { governedBy, type GovernedBy } from '../lifecycle/governed-by.ts';
import type { Logger } from '../logging.ts';
import { loadPolicy, resolvePolicy, type Governing, type LoadedPolicy, type PolicyRide } from '../policy/load.ts';
import { POLICY_PATH } from '../policy/load-fields.ts';
import { withReach } from '../policy/load-reach.ts';
import { matchEntry } from '../policy/match.ts';
import type { Policy } from '../policy/schema.ts';
import { idleSections } from '../policy/sections.ts';
import type { ProcessMemory } from './memory.ts';
import { logFinding } from './report-to-log.ts';

/** The parts of a policy that have rules here. */
export const ACTED_ON = new Set([
  'lifecycle',
  'protection',
  'gates',
  'bypass',
  'promote',
  'windows',
  'freezes',
  'deploy_keys',
] as const);

/** A policy that can be acted on. */
export type ValidPolicy = Extract<Governing, { readonly kind: 'valid' }>;

interface PolicyQuestion {
  readonly repository: RepositoryRef;
  readonly memory: ProcessMemory;
  readonly log: Logger;
  /** What rode along in a query. Left out: it is read. */
  readonly ride?: PolicyRide;
}

/**
 * What governs a repository, from what rode along in a query, or read where a file has changed since this process last
 * saw it. The log is told of a version's errors once. Null where the repository is archived or gone.
 * @throws GitHubError
 */
export async function loadedPolicy(
  github: GitHubReader,
  { repository, memory, log, ride }: PolicyQuestion,
): Promise<LoadedPolicy | null> {
  const cache = memory.policies;
  const known = ride === undefined ? null : resolvePolicy(ride, repository, cache);
  const found = known ?? (await loadPolicy(github, repository, cache));
  if (found === null) return null;
  const loaded = await withReach(github, found, { repository, cache });
  tellOnce({ loaded, repository, memory, log });
  return loaded;
}

/**
 * The policy to act on. Null where there is none, or where a file does not parse: then nothing is changed.
 * @throws GitHubError
 */
export async function governingPolicy(github: GitHubReader, question: PolicyQuestion): Promise<ValidPolicy | null> {
  const loaded = await loadedPolicy(github, question);
  return loaded?.governing.kind === 'valid' ? loaded.governing : null;
}

/** What the log says of a version of a policy once in a process: its errors, and what is not acted on. */
function tellOnce(told: {
  readonly loaded: LoadedPolicy;
  readonly repository: RepositoryRef;
  readonly memory: ProcessMemory;
  readonly log: Logger;
}): void {
  const { loaded, repository, memory, log } = told;
  const { governing } = loaded;
  if (governing.kind === 'none') return;
  const key = `policy ${repository.id} ${governing.version}`;
  if (memory.told.has(key)) return;
  memory.told.set(key, true);
  const { files } = governing;
  for (const [file, name] of [
    [files.repository, POLICY_PATH],
    [files.organisation, `${repository.owner}/.github/${POLICY_PATH}`],
  ] as const) {
    if (file.kind === 'unreadable') {
      logFinding(log, { code: 'policy_unreadable', message: `${name} cannot be read: ${file.detail}` });
    }
    for (const { severity, code, message, line, column } of 'diagnostics' in file ? file.diagnostics : []) {
      if (severity !== 'error') continue;
      log.warn(
        { code: 'policy_invalid', diagnostic: code, file: name, line, column, detail: message },
        'Policy has an error',
      );
    }
  }
  if (governing.kind === 'broken') return;
  const idle = idleSections(governing.policy, ACTED_ON);
  if (idle.length > 0) {
    const message = `This version does not act on: ${idle.map(({ path }) => path.join('.')).join(', ')}.`;
    logFinding(log, { code: 'policy_not_acted_on', message });
  }
}

/** The entry and its lifecycle for an environment; null where nothing is to be done there. */
export function lifecycleFor(policy: Policy, environment: string): GovernedBy | null {
  const entry = matchEntry(policy, environment);
  if (entry === null || entry.unusable.length > 0) return null;
  const by = governedBy(entry);
  // Somebody has named this environment, though an organisation's locked pattern comes before that.
  const isNamed = policy.environments.some(({ name }) => environmentKey(name) === environmentKey(environment));
  return by !== null && isNamed ? { ...by, deleteEnvironment: false } : by;
}
