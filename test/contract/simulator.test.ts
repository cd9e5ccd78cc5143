import { afterAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { startSimulator } from '../simulator/index.ts';
import { routes } from '../simulator/rest/routes.ts';
import { contractChecks } from './checks.ts';
import { drive } from './drive.ts';
import { createRestContract } from './rest.ts';
import { populate } from './population.ts';
import { steps } from './steps.ts';

const listed = JSON.parse(readFileSync(new URL('operations.json', import.meta.url), 'utf8')) as readonly string[];
const simulated = routes.map(({ template }) => template);
const contract = createRestContract();
const checks = contractChecks();

const github = await startSimulator({ onExchange: checks.onExchange });
afterAll(() => github.stop());

const taken = steps.filter(({ route }) => simulated.includes(route));
const exchanges = await drive(github, taken, populate(github));

test('every route of the simulator is one that GitHub describes', () => {
  expect(simulated.filter((route) => !listed.includes(route))).toEqual([]);
});

test('every route of the simulator is asked here', () => {
  const asked = new Set(steps.map(({ route }) => route));
  expect(simulated.filter((route) => !asked.has(route))).toEqual([]);
});

describe('the simulator answers as GitHub describes it', () => {
  test.each(taken.map(({ route }, index) => [route, index] as const))('%s', (_, index) => {
    const exchange = exchanges[index];
    if (exchange === undefined) throw new Error('The step was not taken');
    expect(contract.check(exchange)).toEqual([]);
    expect(exchange.status < 300 ? 'answered' : exchange).toBe('answered');
  });

  test('so does what it tells its observers', () => {
    checks.assertClean();
  });
});
