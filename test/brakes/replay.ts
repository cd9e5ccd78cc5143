import { played, type Brake } from '../scenarios/brake.ts';
import { histories } from './globals.ts';

/** Milliseconds: what waits for something that the brake keeps from happening is left. */
const PATIENCE = 20_000;

/** The titles of the histories that did not come to their end. */
async function playAll(): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const { name, play } of histories) {
    const over = new Promise<string>((resolve) => setTimeout(resolve, PATIENCE, 'did not end').unref());
    const ended = play().then(
      () => null,
      (error: unknown) => String(error),
    );
    const problem = await Promise.race([over, ended]);
    if (problem !== null) broken.push(`${name}: ${problem}`);
  }
  return broken;
}

/** One after the other in one process: what is compiled for the first serves the second. */
const results: object[] = [];
for (const brake of ['report', 'observe'] satisfies readonly Brake[]) {
  Object.assign(played, { brake, scenarios: 0, told: 0, breaches: [] });
  const broken = await playAll();
  results.push({ ...played, broken, histories: histories.length });
}
process.stdout.write(JSON.stringify(results));
