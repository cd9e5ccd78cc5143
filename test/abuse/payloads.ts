import { deployment, place } from '../webhooks/payloads.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const SHA = 'a'.repeat(40);
export const CALLBACK = '/repos/acme/shop/actions/runs/42/deployment_protection_rule';
const { installation } = place;
const named = [{ id: 7, full_name: 'acme/shop' }];

/** A whole delivery of each event, as far as it is read, and how many jobs it makes. */
export const honest: readonly { readonly event: string; readonly payload: Json; readonly jobs: number }[] = [
  {
    event: 'check_run',
    payload: { ...place, action: 'completed', check_run: { name: 'build', head_sha: SHA, app: { id: 1 } } },
    jobs: 1,
  },
  { event: 'delete', payload: { ...place, ref: 'feature', ref_type: 'branch' }, jobs: 1 },
  { event: 'deploy_key', payload: { ...place, action: 'created' }, jobs: 1 },
  {
    event: 'deployment',
    payload: { ...place, action: 'created', deployment: { ...deployment, ref: 'feature', sha: SHA } },
    jobs: 1,
  },
  {
    event: 'deployment_protection_rule',
    payload: {
      ...place,
      action: 'requested',
      environment: 'Production',
      deployment_callback_url: `https://api.github.com${CALLBACK}`,
      deployment: { ...deployment },
    },
    jobs: 1,
  },
  {
    event: 'deployment_status',
    payload: {
      ...place,
      action: 'created',
      deployment: { ...deployment },
      deployment_status: { environment: 'Review/One', performed_via_github_app: { id: 1 } },
    },
    jobs: 1,
  },
  { event: 'installation', payload: { installation, action: 'created', repositories: named }, jobs: 1 },
  {
    event: 'installation_repositories',
    payload: { installation, action: 'added', repositories_added: named },
    jobs: 1,
  },
  {
    event: 'pull_request',
    payload: {
      ...place,
      action: 'closed',
      pull_request: { number: 3, base: { ref: 'main' }, head: { ref: 'feature', repo: { id: 7 } } },
    },
    jobs: 1,
  },
  { event: 'pull_request_review', payload: { ...place, action: 'submitted', pull_request: { number: 3 } }, jobs: 1 },
  {
    event: 'push',
    payload: {
      ...place,
      ref: 'refs/heads/main',
      forced: false,
      deleted: false,
      commits: [{ added: ['.github/deployments.yml'], modified: [], removed: [] }],
    },
    jobs: 1,
  },
  { event: 'repository', payload: { ...place, action: 'renamed' }, jobs: 1 },
  { event: 'status', payload: { ...place, sha: SHA }, jobs: 1 },
  { event: 'workflow_run', payload: { ...place, action: 'completed', workflow_run: { head_sha: SHA } }, jobs: 1 },
];

/** A button that somebody pressed. */
export const press: Json = {
  ...place,
  action: 'requested_action',
  check_run: { name: 'Lockkeeper / production', head_sha: SHA, external_id: 'gates:1', app: { id: 7 } },
  requested_action: { identifier: 'bypass' },
  sender: { login: 'alice' },
};

/** The value with what stands at `path` replaced; undefined takes it away. */
export function withAt(value: Json, path: readonly string[], replacement: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return replacement ?? null;
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, i) => (String(i) === key ? withAt(item, rest, replacement) : item));
  }
  const object = value as Readonly<Record<string, Json>>;
  if (rest.length === 0 && replacement === undefined) {
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  }
  return { ...object, [key]: withAt(object[key] ?? {}, rest, replacement) };
}

export function honestOf(event: string): Json {
  const found = honest.find((one) => one.event === event);
  if (found === undefined) throw new Error(`no payload of ${event}`);
  return found.payload;
}
