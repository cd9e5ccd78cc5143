import type { CommitSha, DeploymentId } from '../github/ids.ts';
import type { ObservedRun } from './observe-run.ts';
import type { Actor, DeployedRef } from './snapshot.ts';

/** What the gates are to be asked about, and what is known of it so far. */
export type AskedCandidate =
  | AskedRun
  | { readonly kind: 'deployment'; readonly id: DeploymentId; readonly sha: CommitSha }
  /** One that has not happened. */
  | {
      readonly kind: 'imagined';
      readonly key: string;
      readonly sha: CommitSha;
      readonly ref: DeployedRef;
      readonly createdAt: number;
      readonly creator: Actor;
    };

/** A run of Actions that waits. */
export interface AskedRun {
  readonly kind: 'run';
  readonly run: number;
  /** Where it was read a moment ago. */
  readonly seen?: ObservedRun;
  /** Its deployment, where a delivery names it. */
  readonly deployment?: DeploymentId;
  /** When that was created, in milliseconds since the epoch. */
  readonly createdAt?: number;
  /** The environment that it waits for as GitHub spells it, where a delivery or a list of GitHub's says. */
  readonly environment?: string;
}

export function keyOfDeployment(id: number): string {
  return `deployment/${id}`;
}

/** @param deployment null: GitHub did not say which it is. Jobs of one run ask one after the other, each with its own. */
export function keyOfRun(
  { id, attempt }: { readonly id: number; readonly attempt: number },
  deployment: DeploymentId | null,
): string {
  return [`run/${id}/${attempt}`, ...(deployment === null ? [] : [deployment])].join('/');
}

/** The run and attempt that a key names, and the deployment where it names one. */
export function runOfKey(
  key: string,
): { readonly id: number; readonly attempt: number; readonly deployment: number | null } | null {
  const [, id, attempt, deployment] = /^run\/(\d+)\/(\d+)(?:\/(\d+))?$/.exec(key) ?? [];
  if (id === undefined || attempt === undefined) return null;
  return { id: Number(id), attempt: Number(attempt), deployment: deployment === undefined ? null : Number(deployment) };
}
