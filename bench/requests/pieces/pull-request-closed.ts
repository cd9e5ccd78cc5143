import { deploy, deployTimes, pushAndDeploy, setStatuses, type RefStyle } from '../deploy.ts';
import { ENVIRONMENT, EVERYTHING, policyWith, type Naming } from '../entries.ts';
import type { Piece } from '../piece.ts';

/** A pull request of which many deployments are active is closed, and perhaps its branch deleted after that. */
export function pullRequestClosed(options: {
  readonly naming: Naming;
  readonly total: number;
  readonly ending: number;
  readonly style: RefStyle;
  readonly branch: 'alive' | 'deleted';
  /** What the other deployments of the environment are. */
  readonly others: 'ended before' | 'active between';
}): Piece {
  const { naming, total, ending, style, branch } = options;
  return {
    policy: policyWith(naming, EVERYTHING, { limits: { inactivate: 1000 } }),
    arrange(stage) {
      const pull = stage.shop.openPullRequest({ head: 'feature' });
      const other = stage.shop.openPullRequest({ head: 'other' });
      const between = options.others === 'active between';
      const deployOther = () => deploy(stage, other, { style });
      // A pull request's commits are listed a hundred at a time, and few have more.
      const deployOnce = () => (ending > 100 ? deploy(stage, pull, { style }) : pushAndDeploy(stage, pull, style));
      if (!between) setStatuses(deployTimes(total - ending, deployOther), 'inactive');
      const old = Array.from({ length: ending }, (_, i) => {
        if (between && i < total - ending) setStatuses([deployOther()], 'success');
        const one = deployOnce();
        setStatuses([one], 'success');
        return one;
      });
      const close = (): void => {
        pull.close();
      };
      const deleteBranch = (): void => {
        stage.shop.deleteBranch('feature');
      };
      const shas = new Set(old.map(({ sha }) => sha));
      return {
        environment: ENVIRONMENT,
        warmUp: () => void old.at(-1)?.setStatus('success'),
        happenings: branch === 'alive' ? [close] : [close, deleteBranch],
        ending: old,
        endsNaively: ({ sha }) => shas.has(sha),
      };
    },
  };
}
