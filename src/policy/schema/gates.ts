import { z } from 'zod';
import { actors } from './actors.ts';
import { exactlyOne } from './exactly-one.ts';
import { exactEnvironment, pattern, text, waitingTime } from './scalars.ts';

const refPattern = z.union([
  pattern().describe('Pattern of branches.'),
  z.strictObject({ tag: pattern().describe('Pattern of tags.') }),
]);

const creator = z.strictObject(actors);

const pullRequest = z.strictObject({
  base: pattern().exactOptional().describe('Pattern of the branch that the pull request goes into. Left out: any.'),
  merged: z.boolean().default(false).describe('`true`: it must be merged.'),
  approvals: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe('How many people who can write must have approved it with their latest review.'),
});

const succeededIn = z.strictObject({
  environment: exactEnvironment().describe('Name of the environment where the same commit must have succeeded.'),
  for: waitingTime()
    .prefault('0m')
    .describe('How long ago it must have succeeded there, at least. Left out: any time ago.'),
});

const forwardOnly = z.union([
  z.literal(true),
  z.strictObject({
    rollback_by: z.strictObject(actors).describe('Who may deploy again what has succeeded here before.'),
  }),
]);

const gateKeys = {
  ref: z
    .array(refPattern)
    .min(1)
    .exactOptional()
    .describe(
      'The branch must match a pattern, the tag a `tag` pattern; a commit, when a branch that matches contains it.',
    ),
  creator: creator
    .exactOptional()
    .describe(
      'Who created the deployment (for Actions: who triggered the run’s latest attempt) must be listed, in a listed team, or a listed app’s bot.',
    ),
  checks: z
    .array(pattern())
    .min(1)
    .exactOptional()
    .describe(
      'Every pattern must match a check run or status of the commit, and the newest of each app and name must be success, neutral or skipped.',
    ),
  pull_request: pullRequest.exactOptional().describe('The commit must belong to a pull request that satisfies this.'),
  succeeded_in: succeededIn
    .exactOptional()
    .describe('The newest deployment of the same commit in another environment must have succeeded.'),
  windows: z
    .array(text({ longest: 255 }))
    .min(1)
    .exactOptional()
    .describe('Names of windows of this file: now must be inside one of them.'),
  max_in_progress: z
    .int()
    .min(1)
    .exactOptional()
    .describe('Fewer other commits’ deployments of the environment must be under way.'),
  latest_only: z
    .literal(true)
    .exactOptional()
    .describe('No newer deployment of the environment (of another commit) may be waiting or approved.'),
  forward_only: forwardOnly
    .exactOptional()
    .describe('The commit must be the active one or a descendant of it; `rollback_by` lists who may go back.'),
};

/** The names of all gates. */
export const GATE_NAMES = Object.keys(gateKeys);

const gate = z
  .strictObject(gateKeys)
  .meta({ minProperties: 1, maxProperties: 1 })
  .describe('One gate: a mapping of exactly one key.')
  .transform((given, context) => {
    if (!exactlyOne(context, given, GATE_NAMES)) return z.NEVER;
    if (given.ref !== undefined) return { ref: given.ref };
    if (given.creator !== undefined) return { creator: given.creator };
    if (given.checks !== undefined) return { checks: given.checks };
    if (given.pull_request !== undefined) return { pull_request: given.pull_request };
    if (given.succeeded_in !== undefined) return { succeeded_in: given.succeeded_in };
    if (given.windows !== undefined) return { windows: given.windows };
    if (given.max_in_progress !== undefined) return { max_in_progress: given.max_in_progress };
    if (given.latest_only !== undefined) return { latest_only: given.latest_only };
    if (given.forward_only !== undefined) return { forward_only: given.forward_only };
    return z.NEVER;
  });

export const gatesSchema = z.array(gate).describe('Rules that each deployment must pass, explained in this order.');
