import fc from 'fast-check';
import { createGatePlayer, GATED, gateStep, THAW, type GatePlayer, type GateStep } from './gated.ts';
import { createPlayer, step, type Player, type Step } from '../properties/history.ts';
import { landPolicy } from '../scenarios/harness.ts';
import type { RepositoryHandle, Simulator } from '../simulator/index.ts';

/** What a seed stands for: a repository's policy, and what happens there. */
export interface Story {
  readonly seed: number;
  readonly policy: string;
  readonly isNamedTransient: boolean;
  readonly steps: readonly Step[];
  /** Of runs that ask; none where nothing is gated. */
  readonly gateSteps: readonly GateStep[];
}

const lifecycle = fc.record({
  transient: fc.boolean(),
  one_active_per: fc.constantFrom('environment', 'ref', 'pull_request', 'none'),
  inactivate_on: fc.constantFrom(
    ['pull_request_closed', 'ref_deleted'],
    ['pull_request_closed', 'ref_deleted'],
    ['pull_request_closed'],
    ['ref_deleted'],
  ),
});

/** Every third repository has gates. */
const GATED_EACH = 3;

const story = fc.record({
  lifecycle,
  deletesEnvironments: fc.boolean(),
  steps: fc.array(step, { minLength: 5, maxLength: 8, size: 'max' }),
  gateSteps: fc.array(gateStep, { minLength: 5, maxLength: 8, size: 'max' }),
});

export function storyOf(seed: number): Story {
  const [told] = fc.sample(story, { seed, numRuns: 1 });
  if (told === undefined) throw new Error('fast-check made no sample');
  const { transient, ...rest } = told.lifecycle;
  const rules = transient ? { transient, ...rest } : rest;
  const isGated = seed % GATED_EACH === 0;
  const policy = {
    version: 1,
    ...(isGated ? { freezes: GATED.freezes } : {}),
    environments: [
      ...(isGated ? GATED.environments : []),
      { name: 'Shared', lifecycle: rules },
      {
        name: 'own/**',
        lifecycle: { ...rules, ...(told.deletesEnvironments ? { delete: { environment: true } } : {}) },
      },
    ],
  };
  return {
    seed,
    policy: JSON.stringify(policy),
    isNamedTransient: transient,
    steps: told.steps,
    gateSteps: isGated ? told.gateSteps : [],
  };
}

/** A story on its stage. */
export interface Stage {
  readonly story: Story;
  readonly repository: RepositoryHandle;
  readonly player: Player;
  /** Null where nothing is gated. */
  readonly gatePlayer: GatePlayer | null;
}

/** A repository with nothing in it that the app could do yet. */
export function setStage(github: Simulator, story: Story): Stage {
  const repository = github.addRepository({ owner: 'acme', name: `seed-${story.seed}` });
  landPolicy(repository, story.policy);
  const gatePlayer = story.gateSteps.length === 0 ? null : createGatePlayer(repository);
  return { story, repository, player: createPlayer(github, repository), gatePlayer };
}

/** How many scenes the longest of them has. */
export function lengthOf(stages: readonly Stage[]): number {
  return Math.max(...stages.map(({ story: { steps, gateSteps } }) => Math.max(steps.length, gateSteps.length)));
}

/** The scene before which a freeze ends. */
const THAWING = 4;

/** Plays the same scene on each stage. */
export function playScene(github: Simulator, stages: readonly Stage[], scene: number): void {
  if (scene === THAWING) github.clock.advance(THAW);
  for (const { story, player, gatePlayer } of stages) {
    const one = story.steps[scene];
    if (one !== undefined) player.play(one);
    const asked = story.gateSteps[scene];
    if (asked !== undefined) gatePlayer?.play(asked);
  }
}
