/** A bound that a figure is held to. */
export interface Bar {
  readonly kind: 'at most' | 'at least';
  readonly value: number;
}

/** One line of the table. */
export interface Row {
  /** What was measured, as a reader would ask for it. */
  readonly figure: string;
  readonly unit: string;
  /** Null: nothing is promised, the figure is only shown. */
  readonly bar: Bar | null;
  /** The worst of the variants. */
  readonly measured: number;
  /** What the obvious way comes to in the same situation, itself measured; null where there is none. */
  readonly baseline: number | null;
  readonly variants: readonly Variant[];
}

/** The figure under other circumstances. */
export interface Variant {
  readonly name: string;
  readonly measured: number;
  /** What else happened: what the figure is made of, limits that were overstepped. */
  readonly notes: readonly string[];
}

/** A file of benchmarks. */
export interface Benchmark {
  readonly name: string;
  run(): Promise<readonly Row[]>;
}

export function isMet({ bar, measured }: Pick<Row, 'bar' | 'measured'>): boolean {
  if (bar === null) return true;
  return bar.kind === 'at most' ? measured <= bar.value : measured >= bar.value;
}

/** The variant that is worst for a bar of that kind. */
export function worstOf(variants: readonly Variant[], kind: Bar['kind']): Variant {
  const sign = kind === 'at most' ? 1 : -1;
  const [first, ...others] = variants;
  if (first === undefined) throw new Error('A figure without variants');
  return others.reduce((worst, one) => (sign * (one.measured - worst.measured) > 0 ? one : worst), first);
}
