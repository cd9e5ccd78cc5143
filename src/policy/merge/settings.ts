import type { Limits, Mode, Policy } from '../schema.ts';
import { originIn, type Overruled, type PolicySource, type Trace } from './effective.ts';

export interface MergedSettings {
  readonly settings: Pick<Policy, 'mode' | 'check_runs' | 'drift' | 'limits'>;
  readonly traces: readonly Trace[];
  readonly overruled: readonly Overruled[];
}

interface Sources {
  readonly organisation: PolicySource;
  readonly repository: PolicySource | null;
}

/**
 * `mode` is the organisation's where it writes one, the smaller of two limits wins, and of the rest the repository's
 * counts where it writes it.
 */
export function mergeSettings(sources: Sources): MergedSettings {
  const { organisation, repository } = sources;
  const theirs = organisation.policy;
  const ours = repository?.policy ?? theirs;
  const mode = modeInForce(sources);
  const checkRuns = writes(repository, 'check_runs') ? repository : organisation;
  const drift = writes(repository, 'drift') ? repository : organisation;
  const limits = (['inactivate', 'delete', 'keys'] as const).map((key) => smallerLimit(sources, key));
  return {
    settings: {
      mode: mode.value,
      check_runs: checkRuns === repository ? ours.check_runs : theirs.check_runs,
      drift: drift === repository ? ours.drift : theirs.drift,
      limits: limits.reduce<Limits>((all, { key, value }) => ({ ...all, [key]: value }), theirs.limits),
    },
    traces: [
      { path: ['mode'], source: mode.source, from: ['mode'] },
      { path: ['check_runs'], source: checkRuns, from: ['check_runs'] },
      { path: ['drift'], source: drift, from: ['drift'] },
      ...limits.map(({ key, source }) => ({ path: ['limits', key], source, from: ['limits', key] })),
    ],
    overruled: [...mode.overruled, ...limits.flatMap(({ overruled }) => overruled)],
  };
}

function writes(source: PolicySource | null, key: string): source is PolicySource {
  return source !== null && source.locate([key]) !== null;
}

function modeInForce({ organisation, repository }: Sources): {
  readonly value: Mode;
  readonly source: PolicySource;
  readonly overruled: readonly Overruled[];
} {
  const theirs = organisation.policy.mode;
  if (!writes(repository, 'mode')) return { value: theirs, source: organisation, overruled: [] };
  if (!writes(organisation, 'mode')) return { value: repository.policy.mode, source: repository, overruled: [] };
  if (repository.policy.mode === theirs) return { value: theirs, source: organisation, overruled: [] };
  const path = ['mode'];
  const message = `\`mode: ${repository.policy.mode}\` does not count: the organisation says \`mode: ${theirs}\`.`;
  const overruled = [{ path, at: originIn(repository, path), by: originIn(organisation, path), message }];
  return { value: theirs, source: organisation, overruled };
}

/** A default is no limit that anybody set: it gives way to a larger one that is written. */
function smallerLimit({ organisation, repository }: Sources, key: keyof Limits) {
  const path = ['limits', key];
  const theirs = organisation.policy.limits[key];
  const ours = repository?.policy.limits[key] ?? theirs;
  const at = repository === null ? null : originIn(repository, path);
  const by = originIn(organisation, path);
  if (repository !== null && at !== null && (by === null || ours <= theirs)) {
    return { key, value: ours, source: repository, overruled: [] };
  }
  const message = `\`limits.${key}\` is ${theirs}, not ${ours}: the organisation’s is smaller.`;
  return { key, value: theirs, source: organisation, overruled: at === null ? [] : [{ path, at, by, message }] };
}
