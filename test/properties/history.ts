import fc from 'fast-check';
import type { DeploymentHandle, PullRequestHandle, RepositoryHandle, Simulator } from '../simulator/index.ts';

/*
 * Random histories of a repository. Their end does not depend on when somebody looks: nothing that is over begins
 * again (no reopening, no branch that comes back), and what has succeeded is not ended by anybody but the app.
 */

/** The last one is protected. */
const BRANCHES = ['one', 'two/ü', 'THREE', 'release'] as const;
const PROTECTED = 'release';

/** Numbers point at whatever there is then, counted around. */
export type Step =
  | {
      readonly kind: 'deploy';
      readonly branch: number;
      readonly by: 'branch' | 'commit' | 'pull request';
      readonly environment: 'own' | 'shared' | 'SHARED' | 'ungoverned';
      readonly nature: 'transient' | 'lasting' | 'production';
    }
  | { readonly kind: 'status'; readonly deployment: number; readonly state: 'in_progress' | 'success' | 'failure' }
  | { readonly kind: 'move'; readonly deployment: number; readonly environment: 'own/moved' | 'shared' | 'ungoverned' }
  | { readonly kind: 'open' | 'push' | 'force push' | 'delete branch' | 'guard'; readonly branch: number }
  | { readonly kind: 'close' | 'merge' | 'label'; readonly pullRequest: number }
  | { readonly kind: 'wait' };

const index = fc.nat({ max: 20 });

export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deploy' as const),
      branch: index,
      by: fc.constantFrom('branch' as const, 'commit' as const, 'pull request' as const),
      environment: fc.constantFrom(
        'own' as const,
        'own' as const,
        'shared' as const,
        'SHARED' as const,
        'ungoverned' as const,
      ),
      nature: fc.constantFrom('transient' as const, 'transient' as const, 'lasting' as const, 'production' as const),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      deployment: index,
      state: fc.constantFrom(
        'success' as const,
        'success' as const,
        'success' as const,
        'in_progress' as const,
        'failure' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      deployment: index,
      environment: fc.constantFrom('own/moved' as const, 'shared' as const, 'ungoverned' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'open' as const,
        'open' as const,
        'push' as const,
        'force push' as const,
        'delete branch' as const,
        'guard' as const,
      ),
      branch: index,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('close' as const, 'merge' as const, 'label' as const),
      pullRequest: index,
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'wait' as const }) },
);

/** One repository in which a history is played. */
export interface Player {
  play(step: Step): void;
  readonly deployments: readonly DeploymentHandle[];
  /** Environments that have got a variable, which is to keep them from being deleted. */
  readonly guarded: ReadonlySet<string>;
}

/** What is possible is told from what was played, never from what the app made of it: two players do the same. */
export function createPlayer(github: Simulator, repository: RepositoryHandle): Player {
  const deployments: DeploymentHandle[] = [];
  const decided = new Set<DeploymentHandle>();
  const open: PullRequestHandle[] = [];
  const gone = new Set<string>();
  const guarded = new Set<string>();
  repository.protectBranch(PROTECTED);

  const branchAt = (at: number): string | null => {
    const name = BRANCHES[at % BRANCHES.length] ?? BRANCHES[0];
    if (gone.has(name)) return null;
    if (!repository.raw.git.refs.has(`refs/heads/${name}`)) repository.push({ branch: name });
    return name;
  };
  const pullRequestOf = (branch: string) => open.find(({ headBranch }) => headBranch === branch);
  const end = (pull: PullRequestHandle) => {
    open.splice(open.indexOf(pull), 1);
  };

  function deploy(one: Extract<Step, { kind: 'deploy' }>): void {
    const branch = branchAt(one.branch);
    if (branch === null) return;
    const pull = pullRequestOf(branch);
    const byPull = pull === undefined ? branch : `refs/pull/${String(pull.number)}/merge`;
    const ref = one.by === 'branch' ? branch : one.by === 'commit' ? repository.head(branch).sha : byPull;
    deployments.push(
      repository.createDeployment({
        ref,
        environment: one.environment === 'own' ? `own/${branch}` : one.environment,
        transient: one.nature === 'transient',
        production: one.nature === 'production',
      }),
    );
  }

  function setStatus(one: Extract<Step, { kind: 'status' | 'move' }>): void {
    const deployment = deployments[one.deployment % Math.max(1, deployments.length)];
    if (deployment === undefined || decided.has(deployment)) return;
    const state = one.kind === 'move' ? 'success' : one.state;
    if (state !== 'in_progress') decided.add(deployment);
    const moved = one.kind === 'move' ? { environment: one.environment } : {};
    deployment.setStatus(state, { autoInactive: false, environmentUrl: 'https://preview.example', ...moved });
  }

  function change(kind: 'open' | 'push' | 'force push' | 'delete branch' | 'guard', branch: string): void {
    const pull = pullRequestOf(branch);
    if (kind === 'open' && pull === undefined) {
      // A pull request needs something of its own.
      repository.push({ branch });
      open.push(repository.openPullRequest({ head: branch }));
    }
    if (kind === 'push') repository.push({ branch });
    if (kind === 'force push' && pull !== undefined) pull.forcePush();
    if (kind === 'guard') {
      repository.environment(`own/${branch}`).setVariable('LOG_LEVEL', 'info');
      guarded.add(`own/${branch}`);
    }
    if (kind === 'delete branch' && branch !== PROTECTED) {
      gone.add(branch);
      if (pull !== undefined) end(pull);
      repository.deleteBranch(branch);
    }
  }

  function settlePullRequest(one: Extract<Step, { kind: 'close' | 'merge' | 'label' }>): void {
    const pull = open[one.pullRequest % Math.max(1, open.length)];
    if (pull === undefined) return;
    if (one.kind === 'label') {
      pull.label('keep');
      return;
    }
    end(pull);
    if (one.kind === 'close') pull.close();
    else pull.merge({ method: 'squash' });
  }

  return {
    deployments,
    guarded,
    play(one) {
      switch (one.kind) {
        case 'deploy':
          deploy(one);
          return;
        case 'status':
        case 'move':
          setStatus(one);
          return;
        case 'open':
        case 'push':
        case 'force push':
        case 'delete branch':
        case 'guard': {
          const branch = branchAt(one.branch);
          if (branch !== null) change(one.kind, branch);
          return;
        }
        case 'close':
        case 'merge':
        case 'label':
          settlePullRequest(one);
          return;
        case 'wait':
          github.clock.advance(1000);
      }
    },
  };
}
