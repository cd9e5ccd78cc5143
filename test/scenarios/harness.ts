import { afterEach, expect, jest } from '@jest/globals';
import { contractChecks, type ContractChecks } from '../contract/checks.ts';
import {
  startSimulator,
  type InstallationHandle,
  type RepositoryHandle,
  type Simulator,
  type SimulatorOptions,
} from '../simulator/index.ts';
import { startApp, type AppUnderTest } from './app-under-test.ts';
import { findTooMuchAuthority } from './authority.ts';
import { breachesOf, played, withReportMode } from './brake.ts';
import { findSecrets } from './secrets.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** One line of the server's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** A GitHub with the organization `acme`, its repository `shop`, and the app installed on all of it, listening. */
export interface Scenario {
  readonly github: Simulator;
  readonly shop: RepositoryHandle;
  readonly installation: InstallationHandle;
  /** What the server has logged so far, this process and those before a restart. */
  readonly lines: readonly LogLine[];
  /** The codes of what needs attention, in order. */
  findings(): readonly string[];
  /** Lands a policy on the default branch of `shop`, or takes it away. */
  policy(text: string | null): void;
  /** Where the server takes deliveries now. */
  webhooks(): string;
  /** From here on deliveries are collected in `github.held` until they are released. */
  hold(): void;
  /** Resolves when every delivery has arrived and nothing is left to do. */
  settle(): Promise<void>;
  /** Moves GitHub's clock, lets what is due by then ring, and waits for everything that comes of it. */
  pass(milliseconds: number): Promise<void>;
  /** A sweep, and everything that comes of it. */
  sweep(): Promise<void>;
  /** Ends the process and starts another, which remembers nothing and sweeps. */
  restart(): Promise<void>;
}

export interface ScenarioOptions {
  /** `.github/deployments.yml` of `shop`, there before the app is installed. */
  readonly policy?: string;
  /** Variables of the server. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly simulator?: SimulatorOptions;
  /** Whether requests that the simulator does not know, or GitHub would not take, are what the test is about. */
  readonly unchecked?: boolean;
}

interface Running {
  readonly github: Simulator;
  readonly contract: ContractChecks;
  readonly unchecked: boolean;
  readonly observes: boolean;
  readonly lines: readonly LogLine[];
  /** Of the processes before a restart. */
  metrics: string;
  app: AppUnderTest;
}

/** Nothing here waits for time to pass; on a busy machine the first test of a file reads GitHub's schema for long. */
jest.setTimeout(300_000);

const running: Running[] = [];

afterEach(async () => {
  const ended = running.splice(0);
  for (const run of ended) {
    run.metrics += await run.app.metrics();
    await run.app.stop();
    await run.github.stop();
  }
  for (const run of ended) assertPromises(run);
  for (const { github, contract, unchecked } of ended) {
    if (unchecked) continue;
    contract.assertClean();
    expect(github.notSimulated).toEqual([]);
  }
});

/** What holds in every scenario, whatever it is about. */
function assertPromises({ github, lines, metrics, observes }: Running): void {
  const written = github.requests.written().map(({ body }) => body);
  const out = { log: JSON.stringify(lines), metrics, written: JSON.stringify(written) };
  expect(findSecrets(out, github.app)).toEqual([]);
  expect(findTooMuchAuthority(github)).toEqual([]);
  const held = played.brake ?? (observes ? 'observe' : null);
  const released = held === null ? [] : breachesOf(github, held);
  played.breaches.push(...released);
  played.scenarios += 1;
  played.told += lines.filter(({ msg }) => msg.startsWith('Would ')).length;
  expect(released).toEqual([]);
}

/**
 * Starts a GitHub and the server against it. Both end with the test, which fails where a request or an answer was not
 * as GitHub describes it.
 */
export async function startScenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const { unchecked = false } = options;
  const environment = { ...options.environment, ...(played.brake === 'observe' ? { OBSERVE_ONLY: 'true' } : {}) };
  const contract = contractChecks();
  const github = await startSimulator({
    onExchange: contract.onExchange,
    ...(played.brake === 'report' ? { rewrite: withReportMode } : {}),
    ...options.simulator,
  });
  github.addOwner('acme');
  const shop = github.addRepository({ owner: 'acme', name: 'shop' });
  if (options.policy !== undefined) landPolicy(shop, options.policy);
  const installation = github.install({ owner: 'acme', repositories: 'all' });

  const lines: LogLine[] = [];
  const start = async () => {
    const app = await startApp(github, {
      environment,
      write: (line) => {
        lines.push(JSON.parse(line) as LogLine);
      },
    });
    github.deliverTo(app.webhooks);
    return app;
  };
  const observes = environment['OBSERVE_ONLY'] === 'true';
  const run: Running = { github, contract, unchecked, observes, lines, metrics: '', app: await start() };
  running.push(run);
  await run.app.idle();

  async function settle(): Promise<void> {
    let seen: number;
    do {
      seen = github.deliveries.length;
      await github.delivered();
      await run.app.idle();
    } while (github.deliveries.length > seen);
  }

  return {
    github,
    shop,
    installation,
    lines,
    findings: () => lines.flatMap(({ code }) => (typeof code === 'string' ? [code] : [])),
    policy: (text) => {
      landPolicy(shop, text);
    },
    webhooks: () => run.app.webhooks,
    hold: () => {
      github.deliverTo(run.app.webhooks, { mode: 'hold' });
    },
    settle,
    async pass(milliseconds) {
      github.clock.advance(milliseconds);
      run.app.ring();
      await settle();
    },
    async sweep() {
      await run.app.sweep();
      await settle();
    },
    async restart() {
      github.deliverTo(null);
      run.metrics += await run.app.metrics();
      await run.app.stop();
      run.app = await start();
      await settle();
    },
  };
}

export function landPolicy(repository: RepositoryHandle, text: string | null): void {
  repository.push({ files: { '.github/deployments.yml': text } });
}
