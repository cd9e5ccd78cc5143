import { isDeepStrictEqual } from 'node:util';
import { createLogger } from '../src/logging.ts';
import { startServer, type RunningServer } from '../src/server.ts';
import { readSettings } from '../src/settings.ts';
import type { DeploymentHandle, LoggedRequest, RepositoryHandle, Simulator } from '../test/simulator/index.ts';
import { describeCost } from './cost.ts';
import type { Pages } from './pages.ts';
import { readLine, showLines, type LogLine } from './told.ts';

/** Where the day is played: a simulated GitHub, the real server, and somebody who tells what happens. */
export interface Stage {
  readonly github: Simulator;
  readonly shop: RepositoryHandle;
  readonly pages: Pages;
  /** Moves GitHub's clock on to a time of the day, such as `14:30`. */
  readonly clock: (time: string) => void;
  /** Waits until every webhook has arrived and nothing is left to do, and tells what was decided. */
  readonly settle: () => Promise<void>;
  /** What the server does every quarter of an hour. */
  readonly sweep: () => Promise<void>;
  /** Ends the server. GitHub goes on to send webhooks where it was. */
  readonly stopServer: () => Promise<void>;
  /** Starts a server that remembers nothing, and lets its first sweep end. */
  readonly startServer: () => Promise<void>;
  /** Compares what is so on GitHub now with what was promised. */
  readonly check: (promise: string, found: unknown, wanted?: unknown) => void;
  /** Requests of this step that were to change something, but for reports. */
  readonly changes: () => number;
  /** What went wrong so far that should not: failed jobs, and questions that the simulated GitHub does not know. */
  readonly failures: () => readonly string[];
}

/** The day: a Monday. */
export const DAY = '2026-03-02';

/** A report is told to people, and changes nothing for a deployment. */
const REPORTS = / \/repos\/\{owner\}\/\{repo\}\/check-runs/;

export interface Scene {
  readonly time: string;
  readonly title: string;
  readonly play: (stage: Stage) => Promise<void>;
}

export interface Theatre {
  /** Starts the first server, without a word. Resolves to its address. */
  readonly open: () => Promise<string>;
  /** Plays a step, and tells what it cost. */
  readonly show: (scene: Scene) => Promise<void>;
  /** Of all steps so far. */
  readonly requests: readonly LoggedRequest[];
  readonly kept: number;
  readonly broken: number;
  readonly close: () => Promise<void>;
}

export function createTheatre(setting: {
  readonly github: Simulator;
  readonly shop: RepositoryHandle;
  readonly pages: Pages;
}): Theatre {
  const { github, shop, pages } = setting;
  const lines: LogLine[] = [];
  let server: RunningServer | null = null;
  let shown = 0;
  let kept = 0;
  let broken = 0;
  const requests: LoggedRequest[] = [];
  const failures: string[] = [];

  async function launch(): Promise<void> {
    const settings = readSettings(
      { ...github.environment(), HOST: '127.0.0.1', PORT: '0', GITHUB_PACING: 'off' },
      process.cwd(),
    );
    const log = await createLogger(settings, {
      write(text) {
        hear(readLine(text));
      },
    });
    server = await startServer({ settings, log, clock: () => github.clock.now().getTime() });
    github.deliverTo(`${server.url}/api/github/webhooks`);
    await settled();
  }

  function hear(line: LogLine): void {
    lines.push(line);
    if ('err' in line) failures.push(String(line['msg']));
  }

  /** A change can cause a webhook, and a webhook a change. */
  async function settled(): Promise<void> {
    let seen: number;
    do {
      seen = github.deliveries.length;
      await github.delivered();
      await server?.sweeper.settled();
      await server?.queue.idle();
    } while (github.deliveries.length > seen);
  }

  function tellDecisions(): void {
    const told = showLines(lines.slice(shown), { pages, shop });
    shown = lines.length;
    if (told === 0) pages.quiet('Nothing to change.');
  }

  const stage: Stage = {
    github,
    shop,
    pages,
    clock(time) {
      github.clock.set(moment(time));
    },
    async settle() {
      await settled();
      tellDecisions();
    },
    async sweep() {
      await server?.sweeper.sweep();
      await settled();
      tellDecisions();
    },
    async stopServer() {
      const { url } = server ?? { url: '' };
      await server?.stop();
      server = null;
      github.deliverTo(`${url}/api/github/webhooks`);
    },
    async startServer() {
      await launch();
      tellDecisions();
    },
    check(promise, found, wanted = true) {
      const isKept = isDeepStrictEqual(found, wanted);
      if (isKept) kept += 1;
      else broken += 1;
      pages.check(promise, { kept: isKept, detail: `found ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}` });
    },
    changes: () => github.requests.writes(({ route }) => !REPORTS.test(route ?? '')).length,
    failures: () => [...failures, ...github.notSimulated],
  };
  return {
    async open() {
      await launch();
      shown = lines.length;
      return server?.url ?? '';
    },
    async show(scene) {
      github.requests.reset();
      const deliveries = github.deliveries.length;
      lines.length = 0;
      shown = 0;
      stage.clock(scene.time);
      pages.heading(scene.time, scene.title);
      await scene.play(stage);
      const asked = github.requests.list();
      requests.push(...asked);
      pages.cost(describeCost(asked, github.deliveries.slice(deliveries)));
    },
    requests,
    get kept() {
      return kept;
    },
    get broken() {
      return broken;
    },
    async close() {
      await server?.stop();
      await github.stop();
    },
  };
}

/** A time of the day as GitHub's clock has it, or of some day before. */
export function moment(time: string, daysBefore = 0): Date {
  return new Date(Date.parse(`${DAY}T${time}:00Z`) - daysBefore * 86_400_000);
}

/** States by name, as one value to compare. */
export function states(...deployments: readonly DeploymentHandle[]): readonly string[] {
  return deployments.map(({ state, exists }) => (exists ? state : 'deleted'));
}
