import { createHash } from 'node:crypto';
import { z } from 'zod';
import { environmentKey } from '../github/ids.ts';
import { commitHash, environmentName } from '../github/names.ts';
import type { Press } from '../jobs/job.ts';
import { environmentOfCheck, isGateDigest } from '../reports/gate-check.ts';
import { ignored, type Outcome, type WebhookReader } from './outcome.ts';
import { readsRepository, senderSlice, type Place } from './payload.ts';

const checkRun = z.object({
  name: z.string(),
  head_sha: commitHash,
  external_id: z.string().nullish(),
  app: z.object({ id: z.number() }).nullish(),
  id: z.number().nullish(),
  completed_at: z.string().nullish(),
});

const BUTTONS = new Set<string>(['reevaluate', 'bypass'] satisfies readonly Press['button'][]);

/**
 * A check of a commit has ended, or somebody pressed a button of one of this app's: GitHub tells only the app that wrote
 * the run.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_run
 */
export const readCheckRun: WebhookReader = readsRepository(
  z.object({
    action: z.string(),
    check_run: checkRun,
    requested_action: z.object({ identifier: z.string() }).nullish(),
    sender: senderSlice.nullish(),
  }),
  ({ action, check_run: run, requested_action: pressed, sender }, place, { appId }) => {
    const isOwn = run.app?.id === appId;
    if (isOwn) {
      const button =
        action === 'rerequested' ? 'reevaluate' : action === 'requested_action' ? pressed?.identifier : null;
      if (!isButton(button)) return ignored('this app wrote it');
      if (!sender) return ignored('it does not say who pressed the button');
      return press(place, {
        run,
        press: { button, by: sender.login, sha: run.head_sha, id: pressId(run, { button, by: sender.login }) },
        reason: `check_run.${action}`,
      });
    }
    if (action !== 'completed') return ignored(`the action is ${action}`);
    const { installation, repository } = place;
    const about = [{ kind: 'commit', sha: run.head_sha }] as const;
    const scope = { kind: 'repository' } as const;
    return { kind: 'jobs', jobs: [{ installation, repository, scope, reason: 'check_run.completed', about }] };
  },
);

function isButton(identifier: string | null | undefined): identifier is Press['button'] {
  return typeof identifier === 'string' && BUTTONS.has(identifier);
}

/**
 * Tells one press from the next of the same button by the same person: the app writes each that counts into the check run,
 * which is then another in the payload. GitHub sends the same payload when it delivers a press again.
 */
function pressId(run: z.output<typeof checkRun>, { button, by }: Pick<Press, 'button' | 'by'>): string {
  const told = [run.id ?? null, run.external_id ?? null, run.completed_at ?? null, run.head_sha, button, by];
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
}

function press(
  { installation, repository }: Place,
  pressed: { readonly run: z.output<typeof checkRun>; readonly press: Press; readonly reason: string },
): Outcome {
  const { name, external_id: digest } = pressed.run;
  const environment = environmentName.safeParse(environmentOfCheck(name));
  if (!environment.success || !isGateDigest(digest ?? '')) return ignored('the check run is about no environment');
  return {
    kind: 'jobs',
    jobs: [
      {
        installation,
        repository,
        scope: { kind: 'environment', environment: environmentKey(environment.data) },
        reason: pressed.reason,
        about: [{ kind: 'commit', sha: pressed.press.sha }],
        presses: [pressed.press],
      },
    ],
    environments: [environment.data],
  };
}
