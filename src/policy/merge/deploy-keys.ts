import { publicKeyBody } from '../public-key.ts';
import type { AllowedKey, DeployKeys } from '../schema.ts';
import { originIn, type Overruled, type PolicySource, type Trace } from './effective.ts';

export interface MergedKeys {
  readonly deploy_keys: DeployKeys | undefined;
  readonly traces: readonly Trace[];
  readonly overruled: readonly Overruled[];
}

/** Allowed keys add up; of everything else the stricter counts. */
export function mergeDeployKeys(organisation: PolicySource, repository: PolicySource | null): MergedKeys {
  const theirs = organisation.policy.deploy_keys;
  const ours = repository?.policy.deploy_keys;
  if (repository === null || ours === undefined) return onlyTheirs(organisation);
  if (theirs === undefined) {
    return {
      deploy_keys: ours,
      traces: [{ path: ['deploy_keys'], source: repository, from: ['deploy_keys'] }],
      overruled: [],
    };
  }
  const sources = { organisation, repository };
  const allow = mergeAllowed(sources, { theirs, ours });
  const reactions = (['on_unknown', 'on_write_access', 'on_expired'] as const).map((key) =>
    stricter(sources, { key, theirs: theirs[key], ours: ours[key], oursIsStricter: theirs[key] === 'report' }),
  );
  const ages = (['max_age', 'unused_for'] as const).map((key) =>
    stricter(sources, {
      key,
      theirs: theirs[key],
      ours: ours[key],
      oursIsStricter: (ours[key] ?? Infinity) <= (theirs[key] ?? Infinity),
    }),
  );
  const settings = [...reactions, ...ages];
  const merged = Object.fromEntries(settings.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])));
  return {
    deploy_keys: { ...theirs, ...ours, ...merged, allow: allow.keys },
    traces: [...settings.map(({ trace }) => trace), ...allow.traces],
    overruled: [...settings.flatMap(({ overruled }) => overruled), ...allow.overruled],
  };
}

function onlyTheirs(organisation: PolicySource): MergedKeys {
  const theirs = organisation.policy.deploy_keys;
  if (theirs === undefined) return { deploy_keys: undefined, traces: [], overruled: [] };
  const allow = theirs.allow.map((key) => ({ ...key, own: false }));
  const traces = [{ path: ['deploy_keys'], source: organisation, from: ['deploy_keys'] }];
  return { deploy_keys: { ...theirs, allow }, traces, overruled: [] };
}

interface Sources {
  readonly organisation: PolicySource;
  readonly repository: PolicySource;
}

interface TwoValues<T> {
  readonly key: string;
  readonly theirs: T;
  readonly ours: T;
  readonly oursIsStricter: boolean;
}

function stricter<T>({ organisation, repository }: Sources, { key, theirs, ours, oursIsStricter }: TwoValues<T>) {
  const from = ['deploy_keys', key];
  const source = oursIsStricter && repository.locate(from) !== null ? repository : organisation;
  const at = originIn(repository, from);
  const message = `\`deploy_keys.${key}\` does not count: the organisation’s is stricter.`;
  const overruled =
    oursIsStricter || at === null ? [] : [{ path: from, at, by: originIn(organisation, from), message }];
  return { key, value: oursIsStricter ? ours : theirs, trace: { path: from, source, from }, overruled };
}

function mergeAllowed(
  { organisation, repository }: Sources,
  { theirs, ours }: { readonly theirs: DeployKeys; readonly ours: DeployKeys },
) {
  const placed: { readonly key: AllowedKey; readonly source: PolicySource; readonly index: number }[] =
    theirs.allow.map((key, index) => ({ key: { ...key, own: false }, source: organisation, index }));
  const overruled: Overruled[] = [];
  for (const [index, key] of ours.allow.entries()) {
    const path = ['deploy_keys', 'allow', index];
    const overrule = (by: readonly (string | number)[], why: string): void => {
      const message = `The allowed key ${JSON.stringify(key.title)} ${why}`;
      overruled.push({ path, at: originIn(repository, path), by: originIn(organisation, by), message });
    };
    if (!key.read_only && theirs.on_write_access === 'delete') {
      overrule(['deploy_keys', 'on_write_access'], 'does not count: the organisation deletes keys that can write.');
      continue;
    }
    const same = placed.findIndex((other) => isSameKey(other.key, key));
    const other = placed[same];
    if (other === undefined) {
      placed.push({ key, source: repository, index });
      continue;
    }
    if (other.key.read_only && !key.read_only) {
      overrule(['deploy_keys', 'allow', other.index], 'may only read: so the organisation allows it.');
    }
    placed[same] = { key: { ...key, read_only: other.key.read_only || key.read_only }, source: repository, index };
  }
  return {
    keys: placed.map(({ key }) => key),
    traces: placed.map(({ source, index }, position) => ({
      path: ['deploy_keys', 'allow', position],
      source,
      from: ['deploy_keys', 'allow', index],
    })),
    overruled,
  };
}

function isSameKey(a: AllowedKey, b: AllowedKey): boolean {
  if (a.key === undefined || b.key === undefined) return a.key === b.key && a.title === b.title;
  return publicKeyBody(a.key) === publicKeyBody(b.key);
}
