import type { Strays } from '../changes/gate-change.ts';
import { environmentKey, type CommitSha, type DeploymentId } from '../github/ids.ts';
import { deploymentId, isCommitSha } from '../github/trusted.ts';
import { actorOfGraphql, isBotOf } from './accounts.ts';
import type { DeployedHereAnswer, PromotionSourceAnswer } from './answers.ts';
import { promotedFrom } from './promotion-mark.ts';
import type { PromotionSource } from './promotion-snapshot.ts';
import { known, unreadable } from './read-fact.ts';
import type { Fact } from './snapshot.ts';

/** What this app created here for a source and is of another commit: the ref moved before GitHub looked it up. */
export function straysAmong(
  here: readonly DeployedHereAnswer[],
  { sources, slug }: { readonly sources: Fact<readonly PromotionSource[]>; readonly slug: string | null },
): Strays {
  const commits = new Map<number, CommitSha>(
    sources.kind === 'known' ? sources.value.map(({ id, sha }) => [id, sha]) : [],
  );
  const standing: DeploymentId[] = [];
  const ended: DeploymentId[] = [];
  for (const { databaseId, commitOid, description, creator, latestStatus } of here) {
    const source = promotedFrom(description ?? '');
    const meant = source === null ? undefined : commits.get(source);
    if (meant === undefined || meant === commitOid || !isBotOf(actorOfGraphql(creator), slug)) continue;
    const hasEnded = ['ERROR', 'FAILURE', 'INACTIVE'].includes(latestStatus?.state ?? 'PENDING');
    (hasEnded ? ended : standing).push(deploymentId(databaseId));
  }
  return { standing, ended };
}

/** Of the commits of the sources, those that had a deployment here, whatever became of it. */
export function deployedHere(
  nodes: readonly PromotionSourceAnswer[],
  {
    environment,
    isStray,
  }: { readonly environment: string; readonly isStray: (one: { readonly databaseId: number }) => boolean },
): Fact<ReadonlySet<CommitSha>> {
  const key = environmentKey(environment);
  const found = new Set<CommitSha>();
  for (const { commit, commitOid } of nodes) {
    if (commit === null || !isCommitSha(commitOid)) continue;
    const isHere = commit.deployments.nodes.some(
      (one) =>
        !isStray(one) &&
        [one.latestEnvironment, one.originalEnvironment].some((name) => name !== null && environmentKey(name) === key),
    );
    if (isHere) found.add(commitOid);
    else if (commit.deployments.pageInfo.hasNextPage)
      return unreadable(`${commitOid} has more deployments than are read`);
  }
  return known(found);
}
