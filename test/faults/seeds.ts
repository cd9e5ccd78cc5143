import { createHash } from 'node:crypto';

/** Set to a seed, only what it is played with is played; set to none, all of them are. */
const VARIABLE = 'LOCKKEEPER_FAULT_SEED';

/** Set to `all`, every seed is played, as CI does; else one in twenty, so that nobody waits long for the tests. */
const isThorough = process.env['LOCKKEEPER_TEST_FAULTS'] === 'all';

const wanted = process.env[VARIABLE] === undefined ? null : Number(process.env[VARIABLE]);

/** Seeds that are played side by side in one GitHub. */
export interface Round {
  readonly first: number;
  readonly last: number;
  readonly seeds: readonly number[];
}

/** Rounds of `size` seeds from `first` on. Where one seed is asked for, the round that it is in. */
export function roundsOf(options: { first: number; rounds: number; size: number }): readonly Round[] {
  const { first, rounds, size } = options;
  const all = Array.from({ length: rounds }, (_, round) => {
    const seeds = Array.from({ length: size }, (_each, i) => first + round * size + i);
    return { first: first + round * size, last: first + (round + 1) * size - 1, seeds };
  });
  const chosen = all.filter((round) => wanted !== null && round.seeds.includes(wanted));
  if (chosen.length > 0) return chosen;
  if (wanted !== null) return all.slice(0, 1);
  return isThorough ? all : all.slice(0, Math.ceil(all.length / 20));
}

/** Of seeds that are played one by one: one in twenty, unless all are asked for. */
export function someOf(seeds: readonly number[]): readonly number[] {
  return isThorough || wanted !== null ? seeds : seeds.slice(0, Math.ceil(seeds.length / 20));
}

/** What went wrong with a seed, and how to see it again. */
export function blame(seed: number, wrongs: readonly string[]): readonly string[] {
  return wrongs.map((wrong) => `seed ${seed}: ${wrong} (again: ${VARIABLE}=${seed} npm test -- test/faults)`);
}

/** From 0 up to 1, always the same for the same words. */
export function chance(...words: readonly (string | number)[]): number {
  return createHash('sha1').update(words.join('\n')).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** Numbers from 0 up to 1 that a seed repeats. */
export function numbersOf(seed: number): () => number {
  let drawn = 0;
  return () => {
    drawn += 1;
    return chance(seed, drawn);
  };
}
