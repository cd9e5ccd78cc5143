import { deploy, deployTimes, setStatuses, type RefStyle } from '../deploy.ts';
import { ENVIRONMENT, EVERYTHING, policyWith, type Naming } from '../entries.ts';
import type { Piece } from '../piece.ts';

/** A delivery about an environment in which everything is as it should be. */
export function atRest(options: {
  readonly naming: Naming;
  readonly total: number;
  readonly style: RefStyle;
  /** One active deployment for the environment, or one for each of many pull requests. */
  readonly active: 'one' | 'many';
}): Piece {
  const { naming, total, style, active } = options;
  const per = active === 'one' ? 'environment' : 'pull_request';
  return {
    policy: policyWith(naming, { one_active_per: per, ...EVERYTHING }),
    arrange(stage) {
      const pulls = Array.from({ length: active === 'one' ? 1 : Math.min(total, 40) }, (_, i) =>
        stage.shop.openPullRequest({ head: `feature-${i}` }),
      );
      const [first = stage.shop.openPullRequest({ head: 'feature' })] = pulls;
      setStatuses(
        deployTimes(total - pulls.length, () => deploy(stage, first, { style })),
        'inactive',
      );
      const last = pulls.map((pull) => deploy(stage, pull, { style }));
      setStatuses(last, 'success');
      const tellAgain = () => void last.at(-1)?.setStatus('success', { environmentUrl: 'https://again.example' });
      return {
        environment: ENVIRONMENT,
        warmUp: tellAgain,
        happenings: [tellAgain],
        ending: [],
        endsNaively: () => false,
      };
    },
  };
}
