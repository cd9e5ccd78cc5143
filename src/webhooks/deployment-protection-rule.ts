import { z } from 'zod';
import { environmentKey, type RepositoryRef } from '../github/ids.ts';
import { environmentName } from '../github/names.ts';
import { deploymentId } from '../github/trusted.ts';
import { ignored, type WebhookReader } from './outcome.ts';
import { aboutDeployment, deploymentSlice, readsRepository } from './payload.ts';

/**
 * A run of Actions asks whether it may deploy. The run's number stands in the callback's address and nowhere else; the
 * address is read, and never asked as it came.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_protection_rule
 */
export const readDeploymentProtectionRule: WebhookReader = readsRepository(
  z.object({
    action: z.string(),
    environment: environmentName,
    deployment_callback_url: z.string().max(2_000),
    deployment: deploymentSlice.nullish(),
  }),
  ({ action, environment, deployment_callback_url, deployment }, { installation, repository }, { apiUrl }) => {
    if (action !== 'requested') return ignored(`the action is ${action}`);
    const run = runOfCallback(deployment_callback_url, { apiUrl, repository });
    if (run === null) return ignored('its callback is not one of this repository');
    return {
      kind: 'jobs',
      jobs: [
        {
          installation,
          repository,
          scope: { kind: 'environment', environment: environmentKey(environment) },
          reason: 'deployment_protection_rule.requested',
          about: deployment
            ? [
                {
                  kind: 'waiting_run',
                  run,
                  environment,
                  deployment: deploymentId(deployment.id),
                  createdAt: deployment.created_at,
                },
                aboutDeployment(deployment),
              ]
            : [{ kind: 'waiting_run', run, environment }],
        },
      ],
      environments: [environment],
    };
  },
);

const PATH = /^\/repos\/([^/]+)\/([^/]+)\/actions\/runs\/([1-9]\d{0,15})\/deployment_protection_rule$/;

/** The run whose callback it is; null for an address of another host, path or repository. */
function runOfCallback(
  address: string,
  { apiUrl, repository }: { readonly apiUrl: string; readonly repository: RepositoryRef },
): number | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  // As a whole and not by its start: `https://api.github.com@elsewhere/` begins well.
  if (url.href !== `${url.origin}${url.pathname}`) return null;
  const base = new URL(apiUrl);
  const root = base.pathname.replace(/\/$/, '');
  if (url.origin !== base.origin || !url.pathname.startsWith(root)) return null;
  const [, owner = '', name = '', run = ''] = PATH.exec(url.pathname.slice(root.length)) ?? [];
  const isOurs =
    owner.toLowerCase() === repository.owner.toLowerCase() && name.toLowerCase() === repository.name.toLowerCase();
  return isOurs ? Number(run) : null;
}
