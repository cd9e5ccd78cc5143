import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithRedis, startRedis, type RedisUnderTest } from '../redis/server.ts';
import { startScenario, type Scenario, type ScenarioOptions } from '../scenarios/harness.ts';
import { breachesIn, differences } from './outcome.ts';
import { blame, numbersOf, roundsOf, type Round } from './seeds.ts';
import { lengthOf, playScene, setStage, storyOf, type Stage } from './story.ts';
import { blowOver, disorderlyPost } from './weather.ts';

/** Requests are held against GitHub's own description by the scenarios; here they are too many for that. */
const quiet = {
  environment: { LOG_LEVEL: 'error' },
  simulator: { rateLimit: 1_000_000, onExchange: () => undefined },
} as const;

function setStages({ github }: Scenario, { seeds }: Round): readonly Stage[] {
  return seeds.map((seed) => setStage(github, storyOf(seed)));
}

/** Everything arrives, once and in order, and GitHub answers. */
async function playOrderly(round: Round): Promise<readonly Stage[]> {
  const scenario = await startScenario(quiet);
  const { github } = scenario;
  const stages = setStages(scenario, round);
  for (let scene = 0; scene < lengthOf(stages); scene += 1) {
    playScene(github, stages, scene);
    if (scene === 3) await scenario.settle();
  }
  await scenario.sweep();
  return stages;
}

interface StormOptions extends ScenarioOptions {
  /** In the midst of it. */
  readonly meanwhile?: () => Promise<void>;
}

async function playStormy(round: Round, { meanwhile, ...options }: StormOptions = {}): Promise<readonly Stage[]> {
  const scenario = await startScenario({ ...quiet, ...options });
  const { github, installation } = scenario;
  const stages = setStages(scenario, round);
  await scenario.settle();
  scenario.hold();
  blowOver(github, round.first);
  const next = numbersOf(round.first);
  const post = disorderlyPost(github, round.first);
  const scenes = lengthOf(stages);
  const middle = Math.floor(scenes * next());
  for (let scene = 0; scene < scenes; scene += 1) {
    playScene(github, stages, scene);
    await post.bring();
    if (next() < 0.2) installation.expireTokens();
    if (scene === middle) await meanwhile?.();
  }
  await post.bringAll();
  // What fails, fails in the midst of much work as well.
  await scenario.sweep();
  github.faults.clear();
  github.held.splice(0);
  await scenario.sweep();
  return stages;
}

/** What went wrong on the stages of the second, with its seed. */
function wrongsOf(expected: readonly Stage[], found: readonly Stage[]): readonly string[] {
  return found.flatMap((stage, i) => {
    const model = expected[i];
    if (model === undefined) throw new Error('two runs of a round have different stages');
    return blame(stage.story.seed, [...differences(stage, model), ...breachesIn(stage), ...breachesIn(model)]);
  });
}

test.each(roundsOf({ first: 1, rounds: 20, size: 10 }))(
  'seeds $first to $last: whatever fails, is lost, doubled or late, one sweep later all is as if nothing had been',
  async (round) => {
    expect(wrongsOf(await playOrderly(round), await playStormy(round))).toEqual([]);
  },
);

describeWithRedis('a queue in Redis', () => {
  let redis: RedisUnderTest;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.remove());

  test.each(roundsOf({ first: 501, rounds: 1, size: 10 }))(
    'seeds $first to $last: also where Redis dies in the midst of it and comes back',
    async (round) => {
      const expected = await playOrderly(round);
      const found = await playStormy(round, {
        environment: { ...quiet.environment, REDIS_URL: redis.url },
        async meanwhile() {
          await redis.kill();
          await redis.start();
        },
      });
      expect(wrongsOf(expected, found)).toEqual([]);
    },
  );
});
