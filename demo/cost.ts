import type { Delivery, LoggedRequest } from '../test/simulator/index.ts';

/** What a step cost, in a line. */
export function describeCost(requests: readonly LoggedRequest[], deliveries: readonly Delivery[]): string {
  const graphql = requests.filter(({ operation }) => operation !== null).length;
  const writes = requests.filter(({ write }) => write).length;
  const asked =
    requests.length === 0
      ? 'no request to GitHub'
      : `${count(requests.length, 'request')} to GitHub (${graphql} GraphQL, ${requests.length - graphql} REST)`;
  return [count(deliveries.length, 'webhook'), asked, count(writes, 'write')].join(' · ');
}

export function count(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;
}
