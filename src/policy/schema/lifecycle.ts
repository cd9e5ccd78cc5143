import { z } from 'zod';
import { age, named, text, waitingTime } from './scalars.ts';

const workflow = named({
  form: /^[^/\\\s][^/\\]*\.ya?ml$/,
  advice: 'Write the workflow’s file name alone: teardown.yml, without .github/workflows/.',
}).meta({ examples: ['teardown.yml'] });

const onInactive = z
  .strictObject({
    workflow: workflow.describe(
      'File name of the workflow in `.github/workflows` of the default branch. It is dispatched before the status is written, with the inputs `environment`, `deployment_id`, `ref`, `sha` and `reason`; at least once, and perhaps twice.',
    ),
  })
  .describe('Dispatches a workflow when a deployment is made inactive, so that what was deployed can be torn down.');

const deletion = z
  .strictObject({
    after: waitingTime()
      .exactOptional()
      .describe(
        'Ended deployments whose latest status is older than this are deleted. Left out: no deployment is deleted.',
      ),
    keep: z
      .int()
      .min(0)
      .default(0)
      .describe('The newest so many deployments of each environment stay, whatever their state.'),
    environment: z
      .boolean()
      .default(false)
      .describe(
        'Deletes the environment itself once all its deployments have ended and its pull request or ref is gone. Only for entries whose name is a pattern, and never an environment that has any protection rule, branch pattern, custom rule, variable or secret, a waiting run, or an entry of its exact name.',
      ),
  })
  .describe('Deletes ended deployments of the entry’s transient environments.');

export const lifecycleSchema = z
  .strictObject({
    transient: z
      .boolean()
      .exactOptional()
      .describe(
        '`true`: all deployments of the entry are transient, whatever their creator said. `false`: the entry’s lifecycle is off. Left out: what the deployment’s creator said (`transient_environment`).',
      ),
    one_active_per: z
      .enum(['environment', 'ref', 'pull_request', 'none'])
      .default('none')
      .describe(
        'Older active deployments are made inactive once there is a newer active one: of the whole environment, of the same ref, or of the same pull request (of the same ref, where there is none).',
      ),
    inactivate_on: z
      .array(z.enum(['pull_request_closed', 'ref_deleted']))
      .default([])
      .describe(
        'Active deployments are made inactive when their pull request is closed, merged or not, or when their branch or tag is gone.',
      ),
    inactivate_after: age()
      .exactOptional()
      .describe('Active deployments whose latest status is older than this are made inactive.'),
    keep_label: text({ longest: 50 })
      .exactOptional()
      .describe('A pull request with this label is exempt from `inactivate_after`.'),
    fail_stuck_after: age()
      .exactOptional()
      .describe(
        'Deployments that are queued, pending or in progress for so long are set to `error`, unless they wait for a gate.',
      ),
    on_inactive: onInactive.exactOptional(),
    delete: deletion.exactOptional(),
  })
  .describe(
    'When deployments end. Speaks of transient deployments only; keys that are left out are off. An entry without `lifecycle` has `one_active_per: pull_request` and `inactivate_on: [pull_request_closed, ref_deleted]`.',
  );
