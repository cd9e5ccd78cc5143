import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { loadPolicy, POLICY_PATH, resolvePolicy, type LoadedPolicy, type PolicyFields } from '../policy/load.ts';
import { matchEntry } from '../policy/match.ts';
import type { EnvironmentEntry, Policy } from '../policy/schema.ts';
import { idleSections } from '../policy/sections.ts';
import { governedBy, type GovernedBy } from '../lifecycle/governed-by.ts';
import type { Logger } from '../logging.ts';
import type { ProcessMemory } from './memory.ts';
import { logFinding } from './report-to-log.ts';

/** The parts of a policy that have rules here. */
const ACTED_ON = new Set(['lifecycle'] as const);

/** A policy that can be acted on. */
export interface GoverningPolicy {
  readonly version: string;
  readonly policy: Policy;
}

/**
 * The policy to act on, from what rode along in a query, or read where this process does not know that version. Null
 * where there is none, or where it does not parse: then nothing is changed, and the log says where the errors are.
 * @throws GitHubError
 */
export async function governingPolicy(
  github: GitHubReader,
  question: {
    readonly repository: RepositoryRef;
    readonly memory: ProcessMemory;
    readonly log: Logger;
    /** Left out: it is read. */
    readonly answer?: { readonly policyFile: PolicyFields };
  },
): Promise<GoverningPolicy | null> {
  const { repository, memory, log, answer } = question;
  const known = answer === undefined ? null : resolvePolicy(answer, repository, memory.policies);
  const loaded = known ?? (await loadPolicy(github, repository, memory.policies));
  if (loaded === null || loaded.kind === 'absent') return null;
  tellOnce({ loaded, repository, memory, log });
  return loaded.kind === 'valid' ? loaded : null;
}

/** What the log says of a version of a policy once in a process: its errors, and what is not acted on. */
function tellOnce(told: {
  readonly loaded: Exclude<LoadedPolicy, { readonly kind: 'absent' }>;
  readonly repository: RepositoryRef;
  readonly memory: ProcessMemory;
  readonly log: Logger;
}): void {
  const { loaded, repository, memory, log } = told;
  const key = `policy ${repository.id} ${loaded.version}`;
  if (memory.told.has(key)) return;
  memory.told.set(key, true);
  for (const { severity, code, message, line, column } of loaded.diagnostics) {
    if (severity !== 'error') continue;
    log.warn(
      { code: 'policy_invalid', diagnostic: code, file: POLICY_PATH, line, column, detail: message },
      'Policy has an error',
    );
  }
  if (loaded.kind === 'invalid') return;
  const idle = idleSections(loaded.policy, ACTED_ON);
  if (idle.length > 0) {
    const message = `This version does not act on: ${idle.map(({ path }) => path.join('.')).join(', ')}.`;
    logFinding(log, { code: 'policy_not_acted_on', message });
  }
}

/** The entry and its lifecycle for an environment; null where nothing is to be done there. */
export function lifecycleFor(policy: Policy, environment: string): GovernedBy | null {
  const entry: EnvironmentEntry | null = matchEntry(policy, environment);
  return entry === null || entry.unusable.length > 0 ? null : governedBy(entry);
}
