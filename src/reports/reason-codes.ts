/**
 * Why the app does or leaves a thing, as one public list: logs, statuses and reports carry these codes, and people
 * filter by them. A code is never renamed. docs/reason-codes.md explains each; a test ties the two together.
 */
export const REASON_CODES = Object.freeze([
  'pull_request_closed',
  'ref_deleted',
  'inactivate_after',
  'one_active_per',
  'fail_stuck_after',
  'delete_after',
  'delete_environment',
  'allowed_key_missing',
  'allowed_key_differs',
  'on_unknown',
  'on_write_access',
  'on_expired',
  'protection',
  'drift',
  'gates',
  'promote',
  'report',
] as const);

export type ReasonCode = (typeof REASON_CODES)[number];

/** What kept the app from doing something, or what people should know of. */
export const FINDING_CODES = Object.freeze([
  'policy_invalid',
  'policy_unreadable',
  'policy_not_acted_on',
  'limit_reached',
  'changed_policy_held',
  'environment_guarded',
  'environment_deletion_denied',
  'facts_missing',
  'dispatch_refused',
  'change_refused',
  'unknown_deploy_key',
  'writable_deploy_key',
  'expired_deploy_key',
  'deploy_keys_denied',
  'deploy_keys_forbidden',
  'deploy_key_in_use',
  'deploy_key_not_recreated',
  'change_unfinished',
  'protection_not_allowed',
  'protection_drifted',
  'reviewer_unknown',
  'reviewer_cannot_read',
  'self_review_without_reviewers',
  'no_protected_branch',
  'custom_rule_unavailable',
  'secret_missing',
] as const);

export type FindingCode = (typeof FINDING_CODES)[number];

/** Something to report that is not a change. */
export interface Finding {
  readonly code: FindingCode;
  /** One or two sentences: what, with what, and what to do. */
  readonly message: string;
  /** The same for the log, where the message has in it what only readers of the repository may see. */
  readonly logMessage?: string;
  readonly environment?: string;
  /** The deployment that it is about, where it is about one. */
  readonly deployment?: number;
}

/** What the policy asks for and was not to be had; the rest is to be looked at. */
const UNDONE: ReadonlySet<FindingCode> = new Set([
  'change_refused',
  'change_unfinished',
  'dispatch_refused',
  'limit_reached',
  'environment_deletion_denied',
  'deploy_keys_denied',
  'deploy_key_in_use',
  'deploy_key_not_recreated',
  'protection_not_allowed',
  'reviewer_unknown',
  'reviewer_cannot_read',
  'self_review_without_reviewers',
  'no_protected_branch',
  'custom_rule_unavailable',
]);

/** Whether the policy asks for something that could not be done. */
export function isUndone({ code }: Finding): boolean {
  return UNDONE.has(code);
}
