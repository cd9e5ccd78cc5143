import type { Reads, State } from './pattern.ts';

/** How much work a question may cost before it is given up. Shared by the questions that are asked together. */
export interface Budget {
  steps: number;
}

/**
 * A pattern's states as bits, 32 to a word, so that all that are live are followed at once: a character costs a step for
 * each word, and one for each live state that leads elsewhere than to the next one (those of braces).
 */
export interface Machine {
  /** Steps that one character costs at most. */
  readonly cost: number;
  /** True where the machine reads all of the text and accepts. Takes its steps from the budget; never gives up midway. */
  accepts(chars: readonly string[], budget: Budget): boolean;
}

/**
 * The machine of states of which each reads into itself or into the next one, and skips forwards alone. That is how
 * patterns are built: what is reached without reading is found in one pass from the first word to the last.
 */
export function buildMachine(states: readonly State[]): Machine {
  const words = Math.ceil((states.length + 1) / 32);
  const mask = (): Uint32Array => new Uint32Array(words);
  const reads = { any: mask(), segment: mask(), chars: new Map<string, Uint32Array>(), stays: mask() };
  const next = mask();
  for (const [index, { skips, edge }] of states.entries()) {
    if (edge !== null) {
      set(maskOf(edge.reads, reads, mask), index);
      if (edge.to === index) set(reads.stays, index);
    }
    if (skips.includes(index + 1)) set(next, index);
  }
  const jumps = jumpsOf(states);
  const close = closing(next, jumps);
  const last = states.length - 1;
  const cost = words + jumps.to.length;
  const accepts = (chars: readonly string[], budget: Budget): boolean => {
    const live = mask();
    live[0] = 1;
    close(live, budget);
    for (const char of chars) {
      const named = reads.chars.get(char);
      let carry = 0;
      let isAlive = false;
      for (let word = 0; word < words; word += 1) {
        const segment = char === '/' ? 0 : at(reads.segment, word);
        const read = at(live, word) & (at(reads.any, word) | segment | (named === undefined ? 0 : at(named, word)));
        const moves = read & ~at(reads.stays, word);
        live[word] = (read & at(reads.stays, word)) | (moves << 1) | carry;
        carry = moves >>> 31;
        isAlive ||= at(live, word) !== 0;
      }
      if (!isAlive) return false;
      close(live, budget);
    }
    return ((at(live, last >>> 5) >>> (last & 31)) & 1) === 1;
  };
  return { cost, accepts };
}

function at(mask: Uint32Array, word: number): number {
  return mask[word] ?? 0;
}

function set(mask: Uint32Array, index: number): void {
  mask[index >>> 5] = at(mask, index >>> 5) | (1 << (index & 31));
}

function maskOf(
  read: Reads,
  reads: { readonly any: Uint32Array; readonly segment: Uint32Array; readonly chars: Map<string, Uint32Array> },
  mask: () => Uint32Array,
): Uint32Array {
  if (read === 'any') return reads.any;
  if (read === 'segment') return reads.segment;
  const known = reads.chars.get(read.char) ?? mask();
  reads.chars.set(read.char, known);
  return known;
}

/** Lengths of runs of states that each skip to the next; all others are sums of these. */
const RUNS = [1, 2, 4, 8, 16] as const;

/** For each word and each of these lengths: which states begin such a run within the word. */
function runsOf(next: Uint32Array): Uint32Array {
  const runs = new Uint32Array(next.length * RUNS.length);
  for (const [word, skips] of next.entries()) {
    let run = skips;
    for (const [place, length] of RUNS.entries()) {
      runs[word * RUNS.length + place] = run;
      run &= run >>> length;
    }
  }
  return runs;
}

/** States that skip to others than the next: those of `index` are from `begins[index]` on, up to where the next's begin. */
interface Jumps {
  readonly leads: Uint32Array;
  readonly begins: Uint32Array;
  readonly to: Uint32Array;
}

function jumpsOf(states: readonly State[]): Jumps {
  const leads = new Uint32Array(Math.ceil((states.length + 1) / 32));
  const begins = new Uint32Array(states.length + 1);
  const to: number[] = [];
  for (const [index, { skips }] of states.entries()) {
    begins[index] = to.length;
    const elsewhere = skips.filter((skip) => skip !== index + 1);
    if (elsewhere.length > 0) set(leads, index);
    to.push(...elsewhere);
  }
  begins[states.length] = to.length;
  return { leads, begins, to: Uint32Array.from(to) };
}

/** Adds to the live states all that are reached from them without reading. */
function closing(next: Uint32Array, { leads, begins, to }: Jumps): (live: Uint32Array, budget: Budget) => void {
  const runs = runsOf(next);
  const alongRuns = (live: number, word: number): number => {
    let reached = live;
    for (let place = 0; place < RUNS.length; place += 1) {
      reached |= (reached & at(runs, word * RUNS.length + place)) << (1 << place);
    }
    return reached;
  };
  return (live, budget) => {
    for (let word = 0; word < next.length; word += 1) {
      budget.steps -= 1;
      live[word] = alongRuns(at(live, word), word);
      let left = at(live, word) & at(leads, word);
      while (left !== 0) {
        const bit = 31 - Math.clz32(left & -left);
        const index = word * 32 + bit;
        const before = at(live, word);
        for (let jump = at(begins, index); jump < at(begins, index + 1); jump += 1) {
          budget.steps -= 1;
          set(live, at(to, jump));
        }
        if (at(live, word) !== before) live[word] = alongRuns(at(live, word), word);
        // A state that was looked at leads nowhere else; what it led to lies behind it.
        left = at(live, word) & at(leads, word) & ~((2 << bit) - 1);
      }
      if ((at(live, word) & at(next, word)) >>> 31 === 1) set(live, (word + 1) * 32);
    }
  };
}
