import { send } from './load/deliveries.ts';
import { startProgram } from './load/program.ts';
import { startLoadedGitHub } from './load/world.ts';
import type { Benchmark } from './row.ts';

const REPOSITORIES = 500;
const FEW = 5000;
const MANY = 50_000;
const AT_ONCE = 32;

/** What a process holds once it has nothing to do. */
export const memory: Benchmark = {
  name: 'memory',
  async run() {
    const world = await startLoadedGitHub({ installations: [REPOSITORIES], latency: 0 });
    const server = await startProgram('server', world.environment());
    const deliver = async (count: number): Promise<number> => {
      for (let sent = 0; sent < count; sent += REPOSITORIES) {
        await send(server.url, world.deliveries(), AT_ONCE);
        // Requests that were counted are nothing that this asks for.
        world.github.requests.reset();
      }
      await server.ask('idle');
      return Number(await server.ask('memory')) / 2 ** 20;
    };
    try {
      const few = await deliver(FEW);
      const many = await deliver(MANY - FEW);
      const variant = {
        name: `${REPOSITORIES} repositories, jobs done`,
        measured: many / few,
        notes: [`${many.toFixed(0)} MiB against ${few.toFixed(0)} MiB`],
      };
      return [
        {
          figure: 'resident memory at rest after 50,000 deliveries, against after 5,000',
          unit: 'times as much',
          bar: { kind: 'at most', value: 1.2 },
          measured: variant.measured,
          baseline: 1,
          variants: [variant],
        },
      ];
    } finally {
      await server.stop();
      await world.github.stop();
    }
  },
};
