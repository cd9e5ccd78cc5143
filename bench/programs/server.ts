import { createLogger } from '../../src/logging.ts';
import { startServer } from '../../src/server.ts';
import { readSettings } from '../../src/settings.ts';

/*
 * The real server in a process of its own, as its environment says. BENCH_JOBS=none: its jobs are over at once.
 */
const settings = readSettings(process.env, '/');
const log = await createLogger(settings);
const server = await startServer({
  settings,
  log,
  ...(process.env['BENCH_JOBS'] === 'none' ? { runJob: () => Promise.resolve() } : {}),
});

async function answer(question: unknown): Promise<unknown> {
  switch (question) {
    case 'idle':
      await server.queue.idle();
      return null;
    case 'depth':
      return (await server.queue.depth()).waiting;
    case 'memory':
      // At rest: what nobody holds is given back, as it would be in time.
      for (let i = 0; i < 3; i += 1) globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return process.memoryUsage.rss();
    default:
      return null;
  }
}

process.on('message', (question) => {
  if (question === 'stop') {
    void server.stop().then(() => process.exit(0));
    return;
  }
  void answer(question).then((value) => process.send?.({ answer: value }));
});
process.on('disconnect', () => process.exit(1));
process.send?.({ answer: server.url });
