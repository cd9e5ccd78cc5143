import type { PolicyPath } from './diagnostics.ts';
import type { Policy } from './schema.ts';

/** The parts of a policy that a build may or may not act on. */
export type Section =
  'lifecycle' | 'protection' | 'gates' | 'bypass' | 'promote' | 'windows' | 'freezes' | 'deploy_keys';

/** A part of a policy that is written and that nobody acts on. */
export interface IdleSection {
  readonly section: Section;
  readonly path: PolicyPath;
}

/** Where a policy says something that a build which acts on `actedOn` alone does not do. */
export function idleSections(policy: Policy, actedOn: ReadonlySet<Section>): readonly IdleSection[] {
  return writtenSections(policy).filter(({ section }) => !actedOn.has(section));
}

function writtenSections(policy: Policy): readonly IdleSection[] {
  const inEntries = policy.environments.flatMap((entry, index) =>
    (['lifecycle', 'protection', 'gates', 'bypass', 'promote'] as const)
      .filter((section) => entry[section] !== undefined && entry.unusable.length === 0)
      .map((section) => ({ section, path: ['environments', index, section] })),
  );
  const lists = (['windows', 'freezes'] as const)
    .filter((section) => policy[section].length > 0)
    .map((section) => ({ section, path: [section] }));
  const keys: IdleSection[] =
    policy.deploy_keys === undefined ? [] : [{ section: 'deploy_keys', path: ['deploy_keys'] }];
  return [...inEntries, ...lists, ...keys];
}
