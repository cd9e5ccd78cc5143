/** How the policy names the environment. */
export type Naming = 'exact' | 'pattern';

export const ENVIRONMENT = 'review/feature';

/** A policy with one entry for {@link ENVIRONMENT}. JSON is YAML. */
export function policyWith(naming: Naming, lifecycle: object, more: object = {}): string {
  const name = naming === 'exact' ? ENVIRONMENT : 'review/*';
  return JSON.stringify({
    version: 1,
    environments: [{ name, lifecycle: { transient: true, ...lifecycle } }],
    ...more,
  });
}

/** Ends what is left over, however it comes to be left over. */
export const EVERYTHING = { inactivate_on: ['pull_request_closed', 'ref_deleted'] } as const;
