import { addApp } from './accounts.ts';
import type { Clock } from '../clock.ts';
import type { WorldEvent } from './events.ts';
import type {
  Account,
  App,
  CheckRun,
  CheckSuite,
  Deployment,
  DeploymentStatus,
  Environment,
  ForcePush,
  Installation,
  Label,
  PullRequest,
  Repository,
  Review,
  Team,
  Token,
} from './model.ts';

/** What GraphQL can find by a node id. Commits and refs are found by what their id says. */
export type Entity =
  | Account
  | Team
  | Repository
  | Deployment
  | DeploymentStatus
  | Environment
  | PullRequest
  | Review
  | Label
  | ForcePush
  | CheckRun
  | CheckSuite;

type Ids =
  | 'account'
  | 'app'
  | 'team'
  | 'repository'
  | 'installation'
  | 'deployment'
  | 'status'
  | 'environment'
  | 'rule'
  | 'pull'
  | 'label'
  | 'review'
  | 'check'
  | 'suite'
  | 'key'
  | 'run'
  | 'workflow'
  | 'event'
  | 'commit';

/** All that GitHub knows. */
export interface World {
  /** What a text file says once it is committed: tests can have everybody write something else. */
  readonly rewrite: (path: string, text: string) => string;
  readonly clock: Clock;
  /** What tokens, JWTs and rate limits are counted by, in milliseconds. */
  readonly wall: () => number;
  readonly app: App;
  readonly accounts: Map<string, Account>;
  readonly apps: Map<string, App>;
  /** Apps of others that offer a protection rule. */
  readonly ruleApps: Set<App>;
  readonly teams: Map<string, Team>;
  readonly repositories: Map<number, Repository>;
  /** `owner/name` in lower case, former names too. */
  readonly repositoryNames: Map<string, Repository>;
  readonly installations: Map<number, Installation>;
  readonly tokens: Map<string, Token>;
  readonly nodes: Map<string, Entity>;
  /** The body of a deploy key → where it is: a key exists once on all of GitHub. */
  readonly deployKeys: Map<string, number>;
  readonly nextId: (kind: Ids) => number;
  readonly emit: (event: WorldEvent) => void;
  /** Told of each event, in order. */
  readonly listeners: ((event: WorldEvent) => void)[];
}

/** Where the numbers of each kind begin, apart from one another so that a mixed-up number is found. */
const FIRST_IDS: Readonly<Record<Ids, number>> = {
  account: 1_001,
  app: 90_001,
  team: 20_001,
  repository: 300_001,
  installation: 50_001,
  deployment: 1_000_000_001,
  status: 1_200_000_001,
  environment: 700_001,
  rule: 800_001,
  pull: 1_400_000_001,
  label: 600_001,
  review: 1_500_000_001,
  check: 1_600_000_001,
  suite: 1_700_000_001,
  key: 900_001,
  run: 1_800_000_001,
  workflow: 110_001,
  event: 1_900_000_001,
  commit: 1,
};

export interface WorldOptions {
  readonly clock: Clock;
  readonly wall: () => number;
  readonly app: { readonly id: number; readonly slug: string };
  readonly firstDeploymentId?: number | undefined;
  readonly rewrite?: World['rewrite'] | undefined;
}

/** A GitHub with one app on it and GitHub's own Actions, and nobody else. */
export function createWorld(options: WorldOptions): World {
  const next = new Map<Ids, number>();
  const nextId = (kind: Ids) => {
    const first = kind === 'deployment' ? options.firstDeploymentId : undefined;
    const id = next.get(kind) ?? first ?? FIRST_IDS[kind];
    next.set(kind, id + 1);
    return id;
  };
  const listeners: ((event: WorldEvent) => void)[] = [];
  const accounts = new Map<string, Account>();
  const apps = new Map<string, App>();
  const nodes = new Map<string, Entity>();
  const registry = { accounts, apps, nodes, nextId };
  const app = addApp(registry, { slug: options.app.slug, id: options.app.id, owner: 'octo-apps' });
  addApp(registry, { slug: 'github-actions', id: 15_368, owner: 'github' });
  return {
    ...registry,
    rewrite: options.rewrite ?? ((_path, text) => text),
    clock: options.clock,
    wall: options.wall,
    app,
    ruleApps: new Set(),
    teams: new Map(),
    repositories: new Map(),
    repositoryNames: new Map(),
    installations: new Map(),
    tokens: new Map(),
    deployKeys: new Map(),
    listeners,
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
  };
}
