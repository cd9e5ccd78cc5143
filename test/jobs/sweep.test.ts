import { describe, expect, test } from '@jest/globals';
import type { GitHubClients } from '../../src/github/clients.ts';
import { installationId } from '../../src/github/trusted.ts';
import { createSweeper } from '../../src/jobs/sweep.ts';
import type { Batch } from '../../src/jobs/sweep/look-at-repositories.ts';
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
        return { total_count: list.length, repositories: page(list, parameters) };
      },
    }),
    forgetToken: () => undefined,
  };
  return { asked, clients: clients as unknown as GitHubClients };
}

interface More {
  readonly gate?: Promise<void>;
  /** Jobs of an installation that wait. */
  readonly waiting?: (installation: number) => number;
  /** Whether more may be spent after so many batches. */
  readonly maySpend?: (batches: readonly Batch[], installation: number) => boolean;
  readonly look?: (batch: Batch) => Promise<void>;
  readonly patience?: number;
}

function setUp(installed: readonly Installed[] | Error, more: More = {}) {
  const { asked, clients } = fakeClients(installed, more.gate);
  const batches: Batch[] = [];
  const sweeper = createSweeper({
    clients,
    queue: {
      waitingOf: async (installation) => more.waiting?.(installation) ?? 0,
    },
    async look(batch) {
      batches.push(batch);
      await more.look?.(batch);
    },
    maySpend: (installation) => more.maySpend?.(batches, installation) ?? true,
    log: createSilentLogger(),
    ...(more.patience === undefined ? {} : { patience: more.patience }),
  });
  return { sweeper, batches, asked };
}

const places = (batches: readonly Batch[]): string[] =>
  batches.flatMap(({ installation, repositories }) => repositories.map(({ name }) => `${installation}/${name}`)).sort();

describe('sweep', () => {
  test('every repository of every installation is looked at', async () => {
    const { sweeper, batches } = setUp([
      { id: 1, repositories: [repository(10), repository(11)] },
      { id: 2, repositories: [repository(20)] },
    ]);
    await sweeper.sweep();
    expect(places(batches)).toEqual(['1/r10', '1/r11', '2/r20']);
    expect(batches[0]).toMatchObject({ reason: 'sweep' });
  });

  test('lists are read to their end', async () => {
    const many = Array.from({ length: 250 }, (_, index) => repository(index + 1));
    const installed = Array.from({ length: 101 }, (_, index) => ({ id: index + 1, repositories: index ? [] : many }));
    const { sweeper, batches, asked } = setUp(installed);
    await sweeper.sweep();
    expect(new Set(places(batches)).size).toBe(250);
    expect(asked.filter((one) => one === 'installations')).toHaveLength(2);
  });

  test('archived repositories and suspended installations are left alone', async () => {
    const { sweeper, batches, asked } = setUp([
      { id: 1, repositories: [repository(10, { archived: true }), repository(11)] },
      { id: 2, suspended_at: '2026-01-01T00:00:00Z', repositories: [repository(20)] },
    ]);
    await sweeper.sweep();
    expect(places(batches)).toEqual(['1/r11']);
    expect(asked).not.toContain('2');
  });

  test('an installation that fails does not stop the others', async () => {
    const { sweeper, batches } = setUp([
      { id: 1, repositories: new Error('suspended in between') },
      { id: 2, repositories: [repository(20)] },
    ]);
    await sweeper.sweep();
    expect(places(batches)).toEqual(['2/r20']);
  });

  test('a GitHub that does not answer is left to the next sweep', async () => {
    const { sweeper, batches } = setUp(new Error('down'));
    await sweeper.sweep();
    expect(batches).toEqual([]);
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

  test('large installations and small ones take turns', async () => {
    const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => repository(from + i));
    const large = Array.from({ length: 8 }, (_, i) => ({ id: i + 1, repositories: many(1000 * (i + 1), 100) }));
    const { sweeper, batches } = setUp([...large, { id: 99, repositories: many(1, 1) }]);
    await sweeper.sweep();
    expect(batches.findIndex(({ installation }) => installation === 99)).toBeLessThan(17);
    expect(batches).toHaveLength(8 * 5 + 1);
  });

  test('what may not be spent any more is for the next sweep to go on with, and the others go on now', async () => {
    const many = Array.from({ length: 100 }, (_, i) => repository(i + 1));
    let spent = 2;
    const { sweeper, batches } = setUp(
      [
        { id: 1, repositories: many },
        { id: 2, repositories: [repository(500), repository(501)] },
      ],
      {
        maySpend: (done, installation) =>
          installation !== 1 || done.filter((one) => one.installation === 1).length < spent,
      },
    );
    await sweeper.sweep();
    const first = places(batches);
    expect(first.filter((place) => place.startsWith('1/'))).toHaveLength(40);
    expect(first.filter((place) => place.startsWith('2/'))).toHaveLength(2);
    spent = 5;
    await sweeper.sweep();
    const ofFirst = places(batches).filter((place) => place.startsWith('1/'));
    expect(ofFirst).toHaveLength(100);
    expect(new Set(ofFirst).size).toBe(100);
    spent = 10;
    await sweeper.sweep();
    expect(places(batches).filter((place) => place.startsWith('1/'))).toHaveLength(200);
  });

  test('a batch that fails is begun with by the next sweep', async () => {
    let fails = true;
    const { sweeper, batches } = setUp([{ id: 1, repositories: [repository(10), repository(11)] }], {
      look: () => (fails ? Promise.reject(new Error('a limit')) : Promise.resolve()),
    });
    await sweeper.sweep();
    fails = false;
    await sweeper.sweep();
    expect(places(batches)).toEqual(['1/r10', '1/r10', '1/r11', '1/r11']);
  });

  test('a flood of one installation holds up its own sweep, and no other', async () => {
    const { sweeper, batches } = setUp(
      [
        { id: 1, repositories: [repository(10)] },
        { id: 2, repositories: [repository(20)] },
      ],
      { waiting: (installation) => (installation === 1 ? 1000 : 0) },
    );
    const swept = sweeper.sweep();
    await settle();
    await settle();
    expect(places(batches)).toEqual(['2/r20']);
    await sweeper.stop();
    await swept;
  });

  test('floods of many installations hold up no other, and the sweep is over some time all the same', async () => {
    const floods = Array.from({ length: 20 }, (_, i) => ({ id: i + 1, repositories: [repository(1000 + i)] }));
    let flooded = true;
    const { sweeper, batches } = setUp([...floods, { id: 99, repositories: [repository(20)] }], {
      waiting: (installation) => (flooded && installation < 99 ? 1000 : 0),
      patience: 300,
    });
    await sweeper.sweep();
    expect(places(batches)).toEqual(['99/r20']);
    flooded = false;
    await sweeper.sweep();
    expect(batches).toHaveLength(1 + 21);
  });

  test('a sweep waits while much else does, and is given up when the process stops', async () => {
    const { sweeper, batches } = setUp([{ id: 1, repositories: [repository(10)] }], { waiting: () => 1000 });
    const swept = sweeper.sweep();
    await settle();
    await sweeper.stop();
    await swept;
    expect(batches).toEqual([]);
  });
});

describe('sweepInstallation', () => {
  test('looks at the repositories of that one', async () => {
    const { sweeper, batches } = setUp([
      { id: 1, repositories: [repository(10)] },
      { id: 2, repositories: [repository(20)] },
    ]);
    await sweeper.sweepInstallation(installationId(2));
    expect(places(batches)).toEqual(['2/r20']);
  });
});

describe('start', () => {
  test('the first sweep is at once, and none comes after the stop', async () => {
    const { sweeper, batches } = setUp([{ id: 1, repositories: [repository(10)] }]);
    sweeper.start(1_000_000);
    await sweeper.settled();
    expect(places(batches)).toEqual(['1/r10']);
    await sweeper.stop();
  });
});
