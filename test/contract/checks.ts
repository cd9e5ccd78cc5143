import { createRestContract, type Exchange, type RestContract } from './rest.ts';

export interface ContractChecks {
  /** To be called with each REST exchange; the simulator's option of that name. */
  readonly onExchange: (exchange: Exchange) => void;
  /** @throws Error that lists each thing that is not as GitHub describes it, once. */
  readonly assertClean: () => void;
}

let shared: RestContract | undefined;

/**
 * Collects what is wrong instead of throwing where it happens, which would be in the simulator's server and look to the
 * app like a connection that broke.
 */
export function contractChecks(): ContractChecks {
  const contract = (shared ??= createRestContract());
  const problems = new Set<string>();
  return {
    onExchange(exchange) {
      for (const problem of contract.check(exchange)) problems.add(problem);
    },
    assertClean() {
      if (problems.size > 0) throw new Error(`Not as GitHub describes it:\n${[...problems].join('\n')}`);
    },
  };
}
