import { deployTimes, pushAndDeploy, setStatuses, type RefStyle } from '../deploy.ts';
import { ENVIRONMENT, EVERYTHING, policyWith, type Naming } from '../entries.ts';
import type { Piece } from '../piece.ts';

/** A new success takes the place of others that still are active. */
export function superseded(options: {
  readonly naming: Naming;
  /** Deployments of the environment, the new one among them. */
  readonly total: number;
  readonly ending: number;
  readonly style: RefStyle;
  readonly per: 'environment' | 'pull_request';
}): Piece {
  const { naming, total, ending, style, per } = options;
  return {
    policy: policyWith(naming, { one_active_per: per, ...EVERYTHING }, { limits: LIMITS }),
    arrange(stage) {
      const pull = stage.shop.openPullRequest({ head: 'feature' });
      const deployOnce = () => pushAndDeploy(stage, pull, style);
      setStatuses(deployTimes(total - ending - 1, deployOnce), 'inactive');
      const old = deployTimes(ending, deployOnce);
      const [first, ...others] = old;
      if (first !== undefined) setStatuses([first], 'success');
      const newest = deployOnce();
      return {
        environment: ENVIRONMENT,
        warmUp: () => void newest.setStatus('in_progress'),
        // More than one are active at once only where deliveries were lost.
        unheard() {
          setStatuses(others, 'success');
        },
        happenings: [() => void newest.setStatus('success')],
        ending: old,
        endsNaively: ({ isNewest }) => !isNewest,
      };
    },
  };
}

const LIMITS = { inactivate: 1000 };
