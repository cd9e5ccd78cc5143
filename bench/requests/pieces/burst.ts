import { deployTimes, pushAndDeploy, type RefStyle } from '../deploy.ts';
import { ENVIRONMENT, EVERYTHING, policyWith, type Naming } from '../entries.ts';
import type { Piece } from '../piece.ts';

/** Many deliveries about one environment at once: all that is being deployed there succeeds. */
export function burst(options: {
  readonly naming: Naming;
  readonly deliveries: number;
  readonly style: RefStyle;
  readonly per: 'environment' | 'pull_request';
}): Piece {
  const { naming, deliveries, style, per } = options;
  return {
    policy: policyWith(naming, { one_active_per: per, ...EVERYTHING }),
    arrange(stage) {
      const pull = stage.shop.openPullRequest({ head: 'feature' });
      const all = deployTimes(deliveries, () => pushAndDeploy(stage, pull, style));
      return {
        environment: ENVIRONMENT,
        warmUp: () => void all.at(-1)?.setStatus('in_progress'),
        happenings: [
          () => {
            for (const one of all) one.setStatus('success');
          },
        ],
        ending: all.slice(0, -1),
        endsNaively: ({ isNewest }) => !isNewest,
      };
    },
  };
}
