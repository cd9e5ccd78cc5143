import fc from 'fast-check';
import { createPlayer, step, type Player, type Step } from '../properties/history.ts';
import { landPolicy } from '../scenarios/harness.ts';
import type { RepositoryHandle, Simulator } from '../simulator/index.ts';

/** What a seed stands for: a repository's policy, and what happens there. */
export interface Story {
  readonly seed: number;
  readonly policy: string;
  readonly isNamedTransient: boolean;
  readonly steps: readonly Step[];
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

const story = fc.record({
  lifecycle,
  deletesEnvironments: fc.boolean(),
  steps: fc.array(step, { minLength: 5, maxLength: 8, size: 'max' }),
});

export function storyOf(seed: number): Story {
  const [told] = fc.sample(story, { seed, numRuns: 1 });
  if (told === undefined) throw new Error('fast-check made no sample');
  const { transient, ...rest } = told.lifecycle;
  const rules = transient ? { transient, ...rest } : rest;
  const policy = {
    version: 1,
    environments: [
      { name: 'Shared', lifecycle: rules },
      {
        name: 'own/**',
        lifecycle: { ...rules, ...(told.deletesEnvironments ? { delete: { environment: true } } : {}) },
      },
    ],
  };
  return { seed, policy: JSON.stringify(policy), isNamedTransient: transient, steps: told.steps };
}

/** A story on its stage. */
export interface Stage {
  readonly story: Story;
  readonly repository: RepositoryHandle;
  readonly player: Player;
}

/** A repository with nothing in it that the app could do yet. */
export function setStage(github: Simulator, story: Story): Stage {
  const repository = github.addRepository({ owner: 'acme', name: `seed-${story.seed}` });
  landPolicy(repository, story.policy);
  return { story, repository, player: createPlayer(github, repository) };
}

/** How many scenes the longest of them has. */
export function lengthOf(stages: readonly Stage[]): number {
  return Math.max(...stages.map(({ story: { steps } }) => steps.length));
}

/** Plays the same scene on each stage. */
export function playScene(stages: readonly Stage[], scene: number): void {
  for (const { story, player } of stages) {
    const one = story.steps[scene];
    if (one !== undefined) player.play(one);
  }
}
