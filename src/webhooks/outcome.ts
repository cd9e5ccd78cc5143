import type { InstallationId } from '../github/ids.ts';
import type { Job } from '../jobs/job.ts';

/** What a delivery asks for. It is a hint that something may have changed, and no more. */
export type Outcome =
  | { readonly kind: 'ignored'; readonly reason: string }
  | {
      readonly kind: 'jobs';
      readonly jobs: readonly Job[];
      /** Environments as GitHub spells them, of the jobs' repository. */
      readonly environments?: readonly string[];
      /** What this installation may see or do has changed. */
      readonly changed?: InstallationId;
    }
  /** Something about all of an installation changed, and the delivery does not name its repositories. */
  | { readonly kind: 'installation'; readonly installation: InstallationId };

/** Reads one event's payload. Pure, and never throws: what is not as GitHub documents it is ignored. */
export type WebhookReader = (payload: unknown, context: ReaderContext) => Outcome;

export interface ReaderContext {
  /** This app's own number: what it did itself needs no look. */
  readonly appId: number;
  /** Where GitHub's API is, without a slash at its end: addresses in deliveries must lie below it. */
  readonly apiUrl: string;
}

export function ignored(reason: string): Outcome {
  return { kind: 'ignored', reason };
}
