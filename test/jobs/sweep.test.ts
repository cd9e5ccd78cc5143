import { describe, expect, test } from '@jest/globals';
import type { GitHubClients } from '../../src/github/clients.ts';
import { installationId } from '../../src/github/trusted.ts';
import type { Job } from '../../src/jobs/job.ts';
import { createSweeper } from '../../src/jobs/sweep.ts';
import { createSilentLogger } from '../../src/logging.ts';
import { settle } from './manual-clock.ts';

interface Installed {
  readonly id: number;
  readonly suspended_at?: string;
  readonly repositories: readonly object[] | Error;
}

function repository(id: number, more: object = {}): object {
  return { id, name: `r${id}`, owner: { login: 'acme' }, archived: false, ...more };
}

/** GitHub's two lists, a page at a time, as the sweep asks for them. */
function fakeClients(installed: readonly Installed[] | Error, gate = Promise.resolve()) {
  const asked: string[] = [];
  const page = (list: readonly unknown[], { page: number }: { page: number }) =>
    list.slice((number - 1) * 100, number * 100);
  const clients = {
    app: {
      async get(_route: string, parameters: { page: number }) {
        asked.push('installations');
        await gate;
        if (installed instanceof Error) throw installed;
        return page(
          installed.map(({ id, suspended_at }) => ({ id, suspended_at: suspended_at ?? null })),
          parameters,
        );
      },
    },
    installation: (id: number) => ({
      installation: id,
      async get(_route: string, parameters: { page: number }) {
        asked.push(String(id));
        const list = (installed as readonly Installed[]).find((one) => one.id === id)?.repositories ?? [];
        if (list instanceof Error) throw list;
        return { repositories: page(list, parameters) };
      },
    }),
    forgetToken: () => undefined,
  };
  return { asked, clients: clients as unknown as GitHubClients };
}

function setUp(installed: readonly Installed[] | Error, more: { gate?: Promise<void>; waiting?: () => number } = {}) {
  const { asked, clients } = fakeClients(installed, more.gate);
  const jobs: Job[] = [];
  const queue = {
    add: async (job: Job) => void jobs.push(job),
    depth: async () => ({ waiting: more.waiting?.() ?? 0, oldest: 0 }),
  };
  return { sweeper: createSweeper({ clients, queue, log: createSilentLogger() }), jobs, asked };
}

const places = (jobs: readonly Job[]): string[] =>
  jobs.map((job) => `${job.installation}/${job.repository.name}`).sort();

describe('sweep', () => {
  test('every repository of every installation is looked at', async () => {
    const { sweeper, jobs } = setUp([
      { id: 1, repositories: [repository(10), repository(11)] },
      { id: 2, repositories: [repository(20)] },
    ]);
    await sweeper.sweep();
    expect(places(jobs)).toEqual(['1/r10', '1/r11', '2/r20']);
    expect(jobs[0]).toMatchObject({ scope: { kind: 'repository' }, reason: 'sweep' });
    expect(jobs[0]).not.toHaveProperty('about');
  });

  test('lists are read to their end', async () => {
    const many = Array.from({ length: 250 }, (_, index) => repository(index + 1));
    const installed = Array.from({ length: 101 }, (_, index) => ({ id: index + 1, repositories: index ? [] : many }));
    const { sweeper, jobs, asked } = setUp(installed);
    await sweeper.sweep();
    expect(jobs).toHaveLength(250);
    expect(asked.filter((one) => one === 'installations')).toHaveLength(2);
  });

  test('archived repositories and suspended installations are left alone', async () => {
    const { sweeper, jobs, asked } = setUp([
      { id: 1, repositories: [repository(10, { archived: true }), repository(11)] },
      { id: 2, suspended_at: '2026-01-01T00:00:00Z', repositories: [repository(20)] },
    ]);
    await sweeper.sweep();
    expect(places(jobs)).toEqual(['1/r11']);
    expect(asked).not.toContain('2');
  });

  test('an installation that fails does not stop the others', async () => {
    const { sweeper, jobs } = setUp([
      { id: 1, repositories: new Error('suspended in between') },
      { id: 2, repositories: [repository(20)] },
    ]);
    await sweeper.sweep();
    expect(places(jobs)).toEqual(['2/r20']);
  });

  test('a GitHub that does not answer is left to the next sweep', async () => {
    const { sweeper, jobs } = setUp(new Error('down'));
    await sweeper.sweep();
    expect(jobs).toEqual([]);
  });

  test('there is one sweep at a time', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { sweeper, asked } = setUp([{ id: 1, repositories: [] }], { gate });
    const both = Promise.all([sweeper.sweep(), sweeper.sweep()]);
    open();
    await both;
    expect(asked).toEqual(['installations', '1']);
    await sweeper.sweep();
    expect(asked).toHaveLength(4);
  });

  test('a sweep waits while much else does, and is given up when the process stops', async () => {
    const { sweeper, jobs } = setUp([{ id: 1, repositories: [repository(10)] }], { waiting: () => 1000 });
    const swept = sweeper.sweep();
    await settle();
    await sweeper.stop();
    await swept;
    expect(jobs).toEqual([]);
  });
});

describe('sweepInstallation', () => {
  test('looks at the repositories of that one', async () => {
    const { sweeper, jobs } = setUp([
      { id: 1, repositories: [repository(10)] },
      { id: 2, repositories: [repository(20)] },
    ]);
    await sweeper.sweepInstallation(installationId(2));
    expect(places(jobs)).toEqual(['2/r20']);
  });
});

describe('start', () => {
  test('the first sweep is at once, and none comes after the stop', async () => {
    const { sweeper, jobs } = setUp([{ id: 1, repositories: [repository(10)] }]);
    sweeper.start(1_000_000);
    await sweeper.settled();
    expect(places(jobs)).toEqual(['1/r10']);
    await sweeper.stop();
  });
});
