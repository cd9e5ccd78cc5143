import type { CommitSha, DeploymentId } from '../github/ids.ts';
import type { ObservedRun } from './observe-run.ts';
import type { Actor, DeployedRef } from './snapshot.ts';

/** What the gates are to be asked about, and what is known of it so far. */
export type AskedCandidate =
  | {
      readonly kind: 'run';
      /** A run of Actions that waits. */
      readonly run: number;
      /** Where it was read a moment ago. */
      readonly seen?: ObservedRun;
      /** Its deployment, where a delivery names it. */
      readonly deployment?: DeploymentId;
    }
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

export function keyOfDeployment(id: number): string {
  return `deployment/${id}`;
}

export function keyOfRun({ id, attempt }: { readonly id: number; readonly attempt: number }): string {
  return `run/${id}/${attempt}`;
}

/** The run and attempt that a key names. */
export function runOfKey(key: string): { readonly id: number; readonly attempt: number } | null {
  const [, id, attempt] = /^run\/(\d+)\/(\d+)$/.exec(key) ?? [];
  return id === undefined || attempt === undefined ? null : { id: Number(id), attempt: Number(attempt) };
}
