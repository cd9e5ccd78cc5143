import { createClock, type Clock } from './clock.ts';
import { createFaults, type Faults } from './faults.ts';
import { installationHandle, ownRepository, type InstallationHandle } from './handles/installation.ts';
import { repositoryHandle } from './handles/repository.ts';
import type { RepositoryHandle } from './handles/repository-handle.ts';
import { appPrivateKey } from './keys.ts';
import { createLimits, type Breach, type Limits } from './limits.ts';
import { createRequestLog, type RequestLog } from './requests.ts';
import type { Addresses } from './rest/route.ts';
import { createRouter } from './rest/router.ts';
import { routes } from './rest/routes.ts';
import { listen, type Exchange } from './server.ts';
import { pushCommit } from './state/commits.ts';
import { addInstallation } from './state/installations.ts';
import type { Account, App, Permissions, RepositoryPermission, Team } from './state/model.ts';
import { addRepository, defaultSender, findRepository } from './state/repositories.ts';
import { account, addApp, addTeam, addUserToken } from './state/accounts.ts';
import { createWorld, type World } from './state/world.ts';
import { createWebhooks, type Webhooks } from './webhooks/deliveries.ts';

export type { Clock } from './clock.ts';
export type { FaultAction, FaultOptions } from './faults.ts';
export type { CheckRunHandle } from './handles/checks.ts';
export type { EnvironmentHandle, Protection } from './handles/environment.ts';
export type { WorkflowRunHandle } from './handles/workflow-run.ts';
export type { DeploymentHandle } from './handles/deployment.ts';
export type { InstallationHandle } from './handles/installation.ts';
export type { PullRequestHandle } from './handles/pull-request.ts';
export type { RepositoryHandle } from './handles/repository-handle.ts';
export type { LoggedRequest, RequestFilter } from './requests.ts';
export type { Exchange } from './server.ts';
export type { Delivery } from './webhooks/deliveries.ts';

export interface SimulatorOptions {
  /** When GitHub's clock starts; default 2026-03-02T09:00:00Z, or now with `realTime`. */
  readonly clock?: Date;
  readonly realTime?: boolean;
  /** What tokens, JWTs and rate limits are counted by, in milliseconds; default `Date.now`. */
  readonly wall?: () => number;
  readonly latencyMs?: number;
  readonly app?: { readonly id?: number; readonly slug?: string };
  /** PEM; default one made once a process. */
  readonly privateKey?: string;
  readonly webhookSecret?: string;
  /** What rate limits alone are counted by, where their time is to go by faster; default `wall`. */
  readonly limitsClock?: () => number;
  /** Points an hour of the primary limit; default 5000. */
  readonly rateLimit?: number;
  /** Whether a breach of a secondary limit is refused; it is recorded in any case. */
  readonly enforceSecondaryLimits?: boolean;
  /** The form of addresses in webhooks; default `enterprise`. */
  readonly shape?: 'enterprise' | 'dotcom';
  readonly firstDeploymentId?: number;
  /** What a text file says once it is committed. */
  readonly rewrite?: (path: string, text: string) => string;
  readonly onExchange?: (exchange: Exchange) => void;
}

export interface AddRepository {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly archived?: boolean;
  /** Without a commit. */
  readonly empty?: boolean;
  /** False: a private repository has no protection rules, as on a free plan. */
  readonly paidFeatures?: boolean;
  /** False: a private repository has branch policies and neither wait timers nor reviewers, as on a Team plan. */
  readonly reviewRules?: boolean;
}

export interface Install {
  readonly owner: string;
  /** Names; default all. */
  readonly repositories?: 'all' | readonly string[];
  /** Default: all that the app asks for. */
  readonly permissions?: Permissions;
}

export interface Simulator extends Webhooks {
  /** `http://127.0.0.1:PORT`, with the paths of api.github.com. */
  readonly url: string;
  /** The same with the prefix of Enterprise Server. */
  readonly enterpriseUrl: string;
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly clientId: string;
    readonly privateKey: string;
    readonly webhookSecret: string;
  };
  readonly clock: Clock;
  readonly requests: RequestLog;
  readonly faults: Faults;
  /** Secondary limits that were overstepped, enforced or not. */
  readonly breaches: readonly Breach[];
  /** Stops counting what is asked, and goes on with it: for what has to be done before a measurement. */
  readonly limits: Pick<Limits, 'pause' | 'resume'>;
  /** Fields and routes that were asked for and are not simulated. */
  readonly notSimulated: readonly string[];
  /** All that is kept. */
  readonly world: World;
  /** The server's environment variables that lead it here. */
  environment(): Record<string, string>;
  addOwner(login: string, options?: { readonly type?: 'Organization' | 'User' }): Account;
  addUser(login: string): Account;
  /** With `rule`, one that offers a deployment protection rule. */
  addApp(slug: string, options?: { readonly rule?: boolean }): App;
  addTeam(
    organization: string,
    slug: string,
    members: readonly string[],
    options?: { readonly repositories?: Readonly<Record<string, RepositoryPermission>>; readonly parent?: Team },
  ): Team;
  /** A person's token. */
  addToken(login: string): string;
  addRepository(options: AddRepository): RepositoryHandle;
  /** By `owner/name`. */
  repository(fullName: string): RepositoryHandle;
  install(options: Install): InstallationHandle;
  installation(id: number): InstallationHandle;
  stop(): Promise<void>;
}

/** Starts a GitHub on a free port of loopback. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clock = createClock({
    ...(options.clock === undefined ? {} : { start: options.clock }),
    realTime: options.realTime ?? false,
  });
  const wall = options.wall ?? Date.now;
  const { id = 4711, slug = 'lockkeeper' } = options.app ?? {};
  const { firstDeploymentId, rewrite } = options;
  const world = createWorld({ clock, wall, app: { id, slug }, firstDeploymentId, rewrite });
  const privateKey = options.privateKey ?? appPrivateKey();
  const webhookSecret = options.webhookSecret ?? 'a secret of the simulator';
  const limits = createLimits({ wall: options.limitsClock ?? wall, limit: options.rateLimit ?? 5000 });
  const log = createRequestLog();
  const faults = createFaults();
  const notSimulated: string[] = [];
  const server = await listen({
    world,
    limits,
    privateKey,
    route: createRouter(routes),
    enforceSecondaryLimits: options.enforceSecondaryLimits ?? false,
    latencyMs: options.latencyMs ?? 0,
    log: log.add,
    strike: faults.strike,
    onNotSimulated: (what) => void notSimulated.push(what),
    onExchange: options.onExchange,
  });
  const host = `127.0.0.1:${server.port}`;
  const url = `http://${host}`;
  const enterpriseUrl = `${url}/api/v3`;
  const addresses: Addresses = { api: options.shape === 'dotcom' ? url : enterpriseUrl, html: url };
  const webhooks = createWebhooks({ world, secret: webhookSecret, addresses: () => addresses });
  return {
    url,
    enterpriseUrl,
    host,
    app: { id, slug, clientId: world.app.clientId, privateKey, webhookSecret },
    clock,
    requests: log,
    faults,
    breaches: limits.breaches,
    limits,
    notSimulated,
    world,
    ...webhooks,
    environment: () => ({
      APP_ID: String(id),
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: webhookSecret,
      GHE_HOST: host,
      GHE_PROTOCOL: 'http',
    }),
    ...population(world),
    async stop() {
      webhooks.close();
      await server.close();
    },
  };
}

/** What a test puts on GitHub. */
function population(
  world: World,
): Pick<
  Simulator,
  | 'addOwner'
  | 'addUser'
  | 'addApp'
  | 'addTeam'
  | 'addToken'
  | 'addRepository'
  | 'repository'
  | 'install'
  | 'installation'
> {
  return {
    addOwner: (login, { type = 'Organization' } = {}) => account(world, login, type),
    addUser: (login) => account(world, login),
    addApp(slug, { rule = false } = {}) {
      const app = addApp(world, { slug });
      if (rule) world.ruleApps.add(app);
      return app;
    },
    addTeam(organization, slug, members, { repositories = {}, parent } = {}) {
      const team = addTeam(world, { organization, slug, members, parent: parent ?? null });
      for (const [name, permission] of Object.entries(repositories)) {
        const { id } = ownRepository(world, { account: team.organization }, name);
        team.repositories.set(id, permission);
      }
      return team;
    },
    addToken: (login) => addUserToken(world, account(world, login)),
    addRepository({ empty = false, ...options }) {
      const repository = addRepository(world, options);
      if (!empty) {
        const files = { 'README.md': `# ${options.name}\n` };
        pushCommit(world, repository, { files, message: 'Initial commit' });
      }
      world.emit({ name: 'repository', action: 'created', repository, sender: defaultSender(world) });
      return repositoryHandle(world, repository);
    },
    repository(fullName) {
      const [owner = '', name = ''] = fullName.split('/');
      const repository = findRepository(world, owner, name);
      if (repository === undefined) throw new Error(`There is no repository ${fullName}`);
      return repositoryHandle(world, repository);
    },
    install({ owner, repositories = 'all', permissions }) {
      const holder = account(world, owner, 'Organization');
      const selected =
        repositories === 'all'
          ? null
          : new Set(repositories.map((name) => ownRepository(world, { account: holder }, name).id));
      const installation = addInstallation(world, { owner: holder, selected, permissions });
      world.emit({ name: 'installation', action: 'created', installation, sender: defaultSender(world) });
      return installationHandle(world, installation);
    },
    installation(id) {
      const installation = world.installations.get(id);
      if (installation === undefined) throw new Error(`There is no installation ${id}`);
      return installationHandle(world, installation);
    },
  };
}
