import { breaches, tally } from '../scenarios/brake.ts';
import { histories } from './globals.ts';

/** Milliseconds: what waits for something that the brake keeps from happening is left. */
const PATIENCE = 20_000;

const broken: string[] = [];
for (const { name, play } of histories) {
  const over = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE).unref());
  const cpu = process.cpuUsage();
  await Promise.race([
    over,
    play().catch((error: unknown) => {
      // Some look into what the app would have made.
      broken.push(`${name}: ${String(error)}`);
    }),
  ]);
  const used = process.cpuUsage(cpu);
  process.stderr.write(`${String(Math.round((used.user + used.system) / 1000))} ${name}\n`);
}
process.stdout.write(JSON.stringify({ histories: histories.length, broken, breaches, ...tally }));
