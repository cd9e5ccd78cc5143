/*
 * What GitHub knows. These records change in place; what may be seen of them is built in rest/ and graphql/.
 */
export type * from './model/accounts.ts';
export * from './model/checks.ts';
export type * from './model/deployments.ts';
export type * from './model/environments.ts';
export type * from './model/pull-requests.ts';
export type * from './model/repository.ts';
export type * from './model/workflow-runs.ts';
