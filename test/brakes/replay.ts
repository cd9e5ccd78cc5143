import { played, type Brake } from '../scenarios/brake.ts';
import { histories, type History } from './globals.ts';

/** Milliseconds: what waits for something that the brake keeps from happening is left. */
const PATIENCE = 20_000;

/** The titles of the histories that did not come to their end. */
async function playEach(some: readonly History[]): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const { name, play } of some) {
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

/** With `all`, each history under both brakes; else each brake over one in twenty, so that nobody waits long for the tests. */
const oneIn = process.env['BRAKES'] === 'all' ? 1 : 20;
const brakes: readonly Brake[] = ['report', 'observe'];
const results: object[] = [];
for (const [turn, brake] of brakes.entries()) {
  Object.assign(played, { brake, scenarios: 0, told: 0, breaches: [] });
  const some = histories.filter((_history, i) => i % oneIn === turn % oneIn);
  const broken = await playEach(some);
  results.push({ ...played, broken, histories: some.length });
}
process.stdout.write(JSON.stringify(results));
