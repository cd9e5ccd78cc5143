import { setTimeout as sleep } from 'node:timers/promises';
import { readLimit, toGitHubError } from './errors.ts';
import type { Limit, Resource } from './limit.ts';
import { TERMS, type Pace, type Paced } from './pace.ts';
import { GitHubError } from './port.ts';

/** What one installation is being held to. */
export interface Limits {
  /**
   * Sends when it is the request's turn and the installation is under no limit that is known. What GitHub did not carry out because of a limit is
   * sent again, after as long as GitHub said: that holds for writes too.
   * @throws GitHubError, of kind `limited` where the waiting would take longer than {@link PATIENCE}. That is thrown
   * without waiting, and later calls do not even ask: a job is better put off than left to block a slot, and GitHub
   * bans who keeps asking.
   */
  send<T>(request: LimitedRequest, attempt: () => Promise<T>): Promise<T>;
}

interface LimitedRequest extends Paced {
  readonly operation: string;
}

/** Milliseconds that one request may spend waiting: a minute is what GitHub asks for where it does not say. */
const PATIENCE = 61_000;
const MOST_ATTEMPTS = 4;

/** @param second how long one of GitHub's seconds is waited for, in milliseconds; less than 1000 for simulators only. */
export function createLimits(second: number, pace: Pace): Limits {
  const scale = second / 1000;
  const until: Record<Resource, number> = { rest: 0, graphql: 0 };

  function hold(resource: Resource, limit: Limit): void {
    const end = performance.now() + limit.retryAfter * scale;
    for (const each of limit.secondary ? (['rest', 'graphql'] as const) : [resource]) {
      until[each] = Math.max(until[each], end);
    }
  }

  function heldFor(resource: Resource): number {
    return Math.max(0, until[resource] - performance.now()) / scale;
  }

  async function pause(wait: number): Promise<void> {
    if (wait > 0) await sleep(wait * scale);
  }

  /**
   * Waits for the request's turn, for `most` milliseconds at most, and resolves to how long that took. Who may not take a
   * turn so far ahead asks again when it is nearer.
   */
  async function awaitTurn(request: LimitedRequest, most: number): Promise<number> {
    const terms = TERMS[request.purpose ?? 'gate'];
    const patience = Math.min(terms.patience, most);
    for (let waited = 0; ;) {
      const ahead = Math.min(terms.ahead, patience - waited);
      const turn = await pace.take(request, ahead);
      if (waited + turn > patience) throw limited(request.operation, turn);
      const wait = turn <= ahead ? turn : turn - ahead;
      await pause(wait);
      waited += wait;
      if (turn <= ahead) return waited;
    }
  }

  return {
    async send(request, attempt) {
      let last: GitHubError | null = null;
      let waited = 0;
      for (let attempts = 0; ; attempts++) {
        if (last !== null && attempts >= MOST_ATTEMPTS) throw last;
        const held = heldFor(request.resource);
        if (waited + held > PATIENCE) throw last ?? limited(request.operation, held);
        waited += await awaitTurn(request, PATIENCE - waited).catch((error: unknown) => {
          throw last ?? error;
        });
        // Others may have run into a limit meanwhile.
        const wait = heldFor(request.resource);
        if (waited + wait > PATIENCE) throw last ?? limited(request.operation, wait);
        await pause(wait);
        waited += wait;
        try {
          return await attempt();
        } catch (error) {
          last = toGitHubError(error, request);
          const limit = readLimit(error);
          if (limit === null) throw last;
          hold(request.resource, limit);
        }
      }
    },
  };
}

function limited(operation: string, retryAfter: number): GitHubError {
  const message = 'not asked, because a rate limit is not over yet';
  return new GitHubError({ kind: 'limited', status: null, operation, message, retryAfter });
}
