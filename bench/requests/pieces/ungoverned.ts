import { deploy } from '../deploy.ts';
import { ENVIRONMENT } from '../entries.ts';
import type { Arranged, Piece } from '../piece.ts';

/** A delivery about a repository that has no policy. */
export function ungoverned(event: 'deployment_status' | 'pull_request' | 'delete'): Piece {
  return {
    policy: null,
    arrange(stage): Arranged {
      const { shop } = stage;
      const pull = shop.openPullRequest({ head: 'feature' });
      shop.tag('v1');
      const deployment = deploy(stage, pull, { style: 'branch' });
      const happenings = {
        deployment_status: () => void deployment.setStatus('success'),
        pull_request: () => {
          pull.close();
        },
        delete: () => {
          shop.deleteTag('v1');
        },
      };
      return {
        environment: ENVIRONMENT,
        warmUp: () => void deployment.setStatus('in_progress'),
        happenings: [happenings[event]],
        ending: [],
        endsNaively: () => false,
      };
    },
  };
}
