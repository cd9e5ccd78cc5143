import { z } from 'zod';
import { appSlug, teamSlug, userLogin } from './actors.ts';
import { named, text } from './scalars.ts';
import { refuse } from './refusal.ts';
import { exactlyOne } from './exactly-one.ts';

const reviewer = z
  .strictObject({
    team: teamSlug().exactOptional().describe('Slug of a team that can read the repository.'),
    user: userLogin().exactOptional().describe('Login of a user who can read the repository.'),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .describe('A team or a user: `{ team: release-managers }` or `{ user: octocat }`.')
  .transform((given, context) => {
    if (!exactlyOne(context, given, ['team', 'user'])) return z.NEVER;
    if (given.team !== undefined) return { team: given.team };
    if (given.user !== undefined) return { user: given.user };
    return z.NEVER;
  });

/** It goes to GitHub as written, which reads it with Ruby's fnmatch: no braces there. */
const branchPattern = () =>
  text({ longest: 255 }).check((context) => {
    if (!/[{}]/.test(context.value)) return;
    const message =
      'Write a pattern without braces, once for each alternative: GitHub reads this one with Ruby’s fnmatch.';
    refuse(context, context.value, { code: 'bad-branch-pattern', message });
  });

const deploymentBranchPolicy = z.union([
  z.enum(['all', 'protected']),
  z.array(
    z.union([
      branchPattern().describe('Pattern of branches.'),
      z.strictObject({ tag: branchPattern().describe('Pattern of tags.') }),
    ]),
  ),
]);

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables#naming-conventions-for-configuration-variables */
const actionsName = (what: string) =>
  named({
    form: /^(?!GITHUB_)[A-Za-z_][A-Za-z0-9_]{0,254}$/i,
    advice: `Write a name that GitHub takes for a ${what}: letters, digits and underscores, no digit first, not GITHUB_….`,
  });

const variables = z.record(actionsName('variable'), z.string().max(48 * 1_024)).check((context) => {
  const seen = new Set<string>();
  for (const name of Object.keys(context.value)) {
    if (seen.has(name.toUpperCase())) {
      const message = 'Take one of them out: GitHub compares names of variables without regard to case.';
      refuse(context, context.value, { code: 'duplicate-name', message, path: [name] });
    }
    seen.add(name.toUpperCase());
  }
});

export const protectionSchema = z
  .strictObject({
    wait_timer: z
      .int()
      .min(0)
      .max(43_200)
      .exactOptional()
      .describe('Minutes that a job waits before the environment lets it go on, from 0 to 43200 (30 days).'),
    prevent_self_review: z
      .boolean()
      .exactOptional()
      .describe('Who triggered a deployment cannot approve it. Needs reviewers, given here or already there.'),
    reviewers: z
      .array(reviewer)
      .max(6)
      .exactOptional()
      .describe('The required reviewers, exactly these: at most six teams and users. An empty list: none.'),
    deployment_branch_policy: deploymentBranchPolicy
      .exactOptional()
      .describe(
        'Which branches and tags may deploy, exactly these: `all`, `protected` (protected branches only), or a list of branch patterns and `{ tag: pattern }`, which go to GitHub as written (Ruby’s fnmatch, no braces).',
      ),
    custom_rules: z
      .array(appSlug())
      .exactOptional()
      .describe(
        'Slugs of other GitHub Apps whose deployment protection rule must be enabled. Others that are enabled stay so.',
      ),
    variables: variables
      .exactOptional()
      .describe(
        'Variables of the environment, by name; values are texts, so quote numbers and booleans. Others are left alone.',
      ),
    required_secrets: z
      .array(actionsName('secret'))
      .exactOptional()
      .describe('Names of secrets that must exist in the environment. Only looked for, never read or written.'),
  })
  .check((context) => {
    const { prevent_self_review: prevent, reviewers } = context.value;
    if (prevent !== true || reviewers?.length !== 0) return;
    const message = 'List a reviewer or take prevent_self_review out: GitHub keeps it only beside reviewers.';
    refuse(context, context.value, { code: 'contradiction', message, path: ['prevent_self_review'] });
  })
  .describe('Settings of the environment that are kept true on GitHub. Only the keys that are named are managed.');
