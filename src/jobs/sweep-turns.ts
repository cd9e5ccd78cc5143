/** Who of a fleet sweeps. */
export interface SweepTurns {
  /**
   * Runs `sweep`, unless another process is sweeping or has begun within the last `interval` milliseconds. It does not
   * reject: where nobody can say whose turn it is, the next time is soon enough.
   */
  inTurn(interval: number, sweep: () => Promise<void>): Promise<void>;
}
