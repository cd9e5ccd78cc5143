import { kept } from '../run/kept.ts';
import { createRestContract, type Exchange, type RestContract } from './rest.ts';

/** The simulator knows which of its routes answered. */
export type SimulatedExchange = Omit<Exchange, 'path'> & { readonly routePath: string };

export interface ContractChecks {
  /** To be called with each REST exchange; the simulator's option of that name. */
  readonly onExchange: (exchange: SimulatedExchange) => void;
  /** @throws Error that lists each thing that is not as GitHub describes it, once. */
  readonly assertClean: () => void;
}

let shared: RestContract | undefined;

/**
 * Collects what is wrong instead of throwing where it happens, which would be in the simulator's server and look to the
 * app like a connection that broke.
 */
export function contractChecks(): ContractChecks {
  const contract = (shared ??= kept('rest contract', createRestContract));
  const problems = new Set<string>();
  return {
    onExchange(exchange) {
      for (const problem of contract.check({ ...exchange, path: exchange.routePath })) problems.add(problem);
    },
    assertClean() {
      if (problems.size > 0) throw new Error(`Not as GitHub describes it:\n${[...problems].join('\n')}`);
    },
  };
}
