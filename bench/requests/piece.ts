import type { DeploymentHandle } from '../../test/simulator/index.ts';
import type { Stage } from './stage.ts';

/** Something that happens on GitHub and gives the app work. */
export interface Piece {
  /** Null: the repository has none. */
  readonly policy: string | null;
  /** Puts on stage what was there before. */
  readonly arrange: (stage: Stage) => Arranged;
}

export interface Arranged {
  readonly environment: string;
  /** Makes the app look, where its process is to be warm. Nothing else comes of it. */
  readonly warmUp: () => void;
  /** What happens while nobody listens. */
  readonly unheard?: () => void;
  /** One after the other; the next when nothing is left to do about the last. */
  readonly happenings: readonly (() => void)[];
  /** The deployments that must end. All others must stay as they are. */
  readonly ending: readonly DeploymentHandle[];
  /** The same for the naive way, which knows what it has just read. */
  readonly endsNaively: (one: NaiveDeployment) => boolean;
}

/** A deployment as the naive way sees it. */
export interface NaiveDeployment {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly state: string;
  /** It is the newest active one of those listed. */
  readonly isNewest: boolean;
}
