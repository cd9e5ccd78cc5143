import { primaryLimit, problemAnswer, rateLimited, secondaryLimit, type Answer } from './answer.ts';
import type { Identity } from './authenticate.ts';
import type { FaultOptions } from './faults.ts';
import type { Limits, Resource } from './limits.ts';
import { badCredentials, HttpProblem, notAccessible, notFound } from './rest/problem.ts';

/** The answer that a fault gives in the place of GitHub's own, where it does not carry the request out. */
export function faultyAnswer(
  limits: Limits,
  identity: Identity,
  fault: FaultOptions | null,
  resource: Resource,
): Answer | null {
  switch (fault?.action) {
    case '500':
    case '502':
    case '503':
      return { ...problemAnswer(new HttpProblem(Number(fault.action), 'Server Error')) };
    case '401':
      return problemAnswer(badCredentials());
    case '404':
      return problemAnswer(notFound());
    case '403-permission':
      return problemAnswer(notAccessible());
    case 'secondary-limit':
      return problemAnswer(secondaryLimit(fault.retryAfter ?? 60));
    case 'primary-limit':
      limits.exhaust(identity.holder, resource);
      return resource === 'graphql' ? rateLimited(identity) : problemAnswer(primaryLimit(identity));
    case 'drop-before':
    case 'drop-after-apply':
    case 'cut-body':
    case 'graphql-partial':
    case 'graphql-lost':
    case 'delay':
    case undefined:
      return null;
  }
}
