import { z } from 'zod';
import { named } from './scalars.ts';
import { refuse } from './refusal.ts';

export const teamSlug = () =>
  named({
    form: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/,
    advice: 'Write the team’s slug alone, as in its address: release-managers, without @ and organisation.',
  }).meta({ examples: ['release-managers'] });

export const userLogin = () =>
  named({
    form: /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})(?:\[bot\])?$/,
    advice: 'Write the user’s login alone: octocat, without @.',
  }).meta({ examples: ['octocat'] });

export const appSlug = () =>
  named({
    form: /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})$/,
    advice: 'Write the app’s slug, as in its address: datadog, without [bot].',
  }).meta({ examples: ['datadog'] });

/** Who may: teams and users. */
export const people = {
  teams: z.array(teamSlug()).default([]).describe('Slugs of teams of the organisation that owns the repository.'),
  users: z.array(userLogin()).default([]).describe('Logins of users.'),
};

const creatorApp = appSlug().check((context) => {
  if (context.value.toLowerCase() !== 'github-actions') return;
  const message =
    'Take github-actions out: every workflow is that app. For Actions, the creator is who triggered the run; list people.';
  refuse(context, context.value, { code: 'bad-name', message });
});

/** Who may: teams, users and apps. */
export const actors = {
  ...people,
  apps: z
    .array(creatorApp)
    .default([])
    .describe('Slugs of GitHub Apps whose bot may. `github-actions` is an error here: every workflow is that app.'),
};
