import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startScenario } from '../scenarios/harness.ts';
import { useBuiltCommand, type CommandLine } from '../server/processes.ts';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import { breachesIn, differences } from './outcome.ts';
import { blame, numbersOf, roundsOf, someOf } from './seeds.ts';
import { killAfter, mortalServer, until, type MortalServer } from './server.ts';
import { lengthOf, playScene, setStage, storyOf, type Stage } from './story.ts';
import { blowOver, disorderlyPost } from './weather.ts';

const [{ seeds } = { seeds: [] }] = roundsOf({ first: 1001, rounds: 1, size: 10 });

let lockkeeper: CommandLine;
let github: Simulator;
let server: MortalServer;

beforeAll(async () => {
  lockkeeper = await useBuiltCommand();
  github = await startSimulator({ realTime: true, rateLimit: 1_000_000 });
  github.addOwner('acme');
  github.install({ owner: 'acme' });
  server = await mortalServer(lockkeeper, github);
});
afterAll(async () => {
  await server.kill();
  await github.stop();
  await lockkeeper.remove();
});

/** Everything arrives, once and in order, nothing fails and nobody dies. */
async function playOrderly(seed: number): Promise<Stage> {
  const scenario = await startScenario({
    environment: { LOG_LEVEL: 'error' },
    simulator: { realTime: true, rateLimit: 1_000_000, onExchange: () => undefined },
  });
  const stage = setStage(scenario.github, storyOf(seed));
  for (let scene = 0; scene < stage.story.steps.length; scene += 1) {
    playScene(scenario.github, [stage], scene);
  }
  await scenario.sweep();
  return stage;
}

/** Requests after which it is killed, at the most. */
const SOON = 40;

/**
 * It is killed twice, each time in the midst of a request: while things happen, and while its next process sweeps. The third
 * process finds a GitHub that answers, and sweeps once.
 */
async function playKilled(seed: number): Promise<Stage> {
  const next = numbersOf(seed);
  const stage = setStage(github, storyOf(seed));
  const post = disorderlyPost(github, seed);
  const scenes = lengthOf([stage]);
  github.deliverTo('http://127.0.0.1:9', { mode: 'hold' });
  blowOver(github, seed);
  await server.start();
  let killed = killAfter(github, server, 1 + Math.floor(SOON * next()));
  for (let scene = 0; scene < scenes; scene += 1) {
    playScene(github, [stage], scene);
    await post.bring();
    if (scene !== Math.floor(scenes / 2)) continue;
    await killed;
    await server.start();
    killed = killAfter(github, server, 1 + Math.floor(SOON * next()));
  }
  await post.bringAll();
  await killed;
  github.faults.clear();
  github.held.splice(0);
  await server.start();
  return stage;
}

test.each(someOf(seeds))(
  'seed %i: a server that is killed, and killed again, ends where one ends that never was',
  async (seed) => {
    const expected = await playOrderly(seed);
    const found = await playKilled(seed);
    await until(() => differences(found, expected).length === 0);
    await server.end();
    expect(blame(seed, [...differences(found, expected), ...breachesIn(found)])).toEqual([]);
    // What is done with needs no look by later processes.
    found.repository.archive();
  },
);
