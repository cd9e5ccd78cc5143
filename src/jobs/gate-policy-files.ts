import { POLICY_PATH } from '../policy/load-fields.ts';
import type { GatePolicyFile } from '../reports/gate-report.ts';
import type { RepositoryRef } from '../github/ids.ts';
import type { GatesGoverning } from './governing-gates.ts';
import { ORGANISATION_REPOSITORY } from './organisation.ts';

/** The files that the gates go by, and the commit that last changed each. */
export function policyFiles(
  governing: GatesGoverning,
  { repository, webUrl }: { readonly repository: RepositoryRef; readonly webUrl: string },
): readonly GatePolicyFile[] {
  if (governing.kind !== 'usable') return [];
  const { files } = governing;
  const address = (name: string): string => `${webUrl}/${repository.owner}/${name}`;
  const own: GatePolicyFile[] =
    files.repository.kind === 'valid'
      ? [{ name: POLICY_PATH, commit: files.repository.commit?.oid ?? null, repositoryUrl: address(repository.name) }]
      : [];
  const theirs: GatePolicyFile[] =
    files.organisation.kind === 'valid'
      ? [
          {
            name: `${repository.owner}/${ORGANISATION_REPOSITORY}/${POLICY_PATH}`,
            commit: files.organisation.commit?.oid ?? null,
            repositoryUrl: address(ORGANISATION_REPOSITORY),
          },
        ]
      : [];
  return [...own, ...theirs];
}
