import { matchesEnvironment } from './match.ts';
import { traceOrigins, type EffectivePolicy, type PolicySource, type Trace } from './merge/effective.ts';
import { mergeDeployKeys } from './merge/deploy-keys.ts';
import { mergeEntries } from './merge/environments.ts';
import { mergeSettings } from './merge/settings.ts';
import type { Reach } from './parse.ts';

export type { EffectivePolicy, Origin, Overruled, PolicySource } from './merge/effective.ts';

/** The files that may govern a repository; null where there is none. */
export interface PolicyFiles {
  readonly organisation: PolicySource | null;
  readonly repository: PolicySource | null;
  /** The repository's name, without its owner. */
  readonly repositoryName: string;
}

/**
 * The policy in force in a repository; null where no file governs it. For the owner's `.github` repository, give its
 * file as the repository's.
 *
 * What an organisation locks is never loosened by a repository: its locked entries count whole, freezes and allowed keys
 * add up, and of modes, limits, reactions and ages the stricter wins.
 */
export function mergePolicies({ organisation, repository, repositoryName }: PolicyFiles): EffectivePolicy | null {
  const applies = organisation !== null && appliesTo(organisation.policy.repositories ?? 'all', repositoryName);
  const theirs = applies ? organisation : null;
  if (theirs === null) return repository === null ? null : alone(repository);
  const entries = mergeEntries(theirs, repository);
  const keys = mergeDeployKeys(theirs, repository);
  const settings = mergeSettings({ organisation: theirs, repository });
  const freezes = mergeFreezes(theirs, repository);
  return {
    version: 1,
    ...settings.settings,
    environments: entries.environments,
    windows: [],
    freezes: freezes.freezes,
    ...(keys.deploy_keys === undefined ? {} : { deploy_keys: keys.deploy_keys }),
    originOf: traceOrigins([...entries.traces, ...keys.traces, ...settings.traces, ...freezes.traces]),
    overruled: [...settings.overruled, ...entries.overruled, ...keys.overruled],
  };
}

/**
 * True where an organisation's file speaks of a repository, and where nobody knows. Names of repositories are compared
 * without regard to case.
 */
export function appliesTo(reach: Reach, repositoryName: string): boolean {
  return reach === 'all' || reach === 'unknown' || matchesEnvironment(reach, repositoryName);
}

function alone(source: PolicySource): EffectivePolicy {
  const originOf = traceOrigins([{ path: [], source, from: [] }]);
  const { repositories: _limits, ...policy } = source.policy;
  return {
    ...policy,
    originOf: (path) => (source.locate(path.slice(0, 1)) === null ? null : originOf(path)),
    overruled: [],
  };
}

/** Freezes add up: a repository cannot remove one. */
function mergeFreezes(organisation: PolicySource, repository: PolicySource | null) {
  const traces: Trace[] = [];
  const freezes = [organisation, repository].flatMap((source) => source?.policy.freezes ?? []);
  const theirs = organisation.policy.freezes.length;
  for (const index of freezes.keys()) {
    const source = index < theirs || repository === null ? organisation : repository;
    traces.push({ path: ['freezes', index], source, from: ['freezes', index < theirs ? index : index - theirs] });
  }
  return { freezes, traces };
}
