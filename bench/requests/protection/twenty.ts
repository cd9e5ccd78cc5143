import type { EnvironmentHandle } from '../../../test/simulator/handles/environment.ts';
import type { Stage } from '../stage.ts';

/** Twenty environments, five of them with branch patterns of their own. */
export const SERVICES = Array.from({ length: 20 }, (_, i) => `service-${i}`);
const WITH_PATTERNS = 5;
const BRANCHES = ['main', 'release/*'];

/** The environment whose reviewer is changed. */
export const CHANGED = 7;

/** What the policy says of those without patterns: nothing of branches, or that they take protected ones. */
export type Others = 'any branch' | 'protected branches';

/** Who reviews all of them but one, and who that one. */
export interface Reviewing {
  readonly all: string;
  readonly one: string;
}

const SRE = 'sre';

/** One entry for each. JSON is YAML. */
export function policyOf(others: Others, { all, one }: Reviewing = { all: SRE, one: SRE }): string {
  const environments = SERVICES.map((name, i) => ({
    name,
    protection: {
      wait_timer: 10,
      reviewers: [reviewer(i === CHANGED ? one : all)],
      ...(i < WITH_PATTERNS
        ? { deployment_branch_policy: BRANCHES }
        : others === 'protected branches'
          ? { deployment_branch_policy: 'protected' }
          : {}),
    },
  }));
  return JSON.stringify({ version: 1, environments });
}

/** `@team`, or a user. */
function reviewer(name: string): object {
  return name.startsWith('@') ? { team: name.slice(1) } : name === SRE ? { team: SRE } : { user: name };
}

/** Makes the environments as {@link policyOf} says, and the teams and people that review. */
export function arrangeServices({ github, shop }: Stage, others: Others): readonly EnvironmentHandle[] {
  github.addTeam('acme', SRE, ['alice'], { repositories: { shop: 'read' } });
  github.addTeam('acme', 'release', ['bob'], { repositories: { shop: 'read' } });
  github.addUser('carol');
  shop.protectBranch('main');
  return SERVICES.map((name, i) => {
    const environment = shop.environment(name);
    environment.protect({
      waitTimer: 10,
      reviewers: [`@acme/${SRE}`],
      branches: i < WITH_PATTERNS ? BRANCHES : others === 'protected branches' ? 'protected' : 'all',
    });
    return environment;
  });
}
