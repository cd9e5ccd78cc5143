import type { Variant } from '../row.ts';
import { makeup } from './makeup.ts';
import type { Arranged, Piece } from './piece.ts';
import { listenTo, setStage, type Stage } from './stage.ts';

export interface Circumstances {
  readonly name: string;
  readonly piece: Piece;
  /** Whether the app's process has looked at the environment before. */
  readonly process: 'cold' | 'warm';
  /** Milliseconds between two runs of one job; default none. */
  readonly spacing?: number;
  /** Default: by the deliveries. */
  readonly foundBy?: 'sweep';
}

/** Has the piece of work done by the real server, and counts its requests. Tokens are not counted. */
export async function countRequests(circumstances: Circumstances): Promise<Variant> {
  const { name, piece, process, spacing = 0, foundBy } = circumstances;
  const stage = await setStage(piece.policy);
  const { github } = stage;
  try {
    const arranged = piece.arrange(stage);
    const server = await listenTo(stage, spacing);
    try {
      if (process === 'warm') {
        arranged.warmUp();
        await server.settle();
      }
      server.deafen();
      arranged.unheard?.();
      const verify = expectEndings(stage, arranged);
      if (foundBy !== 'sweep') server.listen();
      github.requests.reset();
      for (const happen of arranged.happenings) {
        happen();
        await server.settle();
      }
      if (foundBy === 'sweep') await server.sweep();
      verify();
      return {
        name,
        measured: github.requests.count(),
        notes: [...makeup(github.requests.list()), ...complaints(stage)],
      };
    } finally {
      await server.stop();
    }
  } finally {
    await github.stop();
  }
}

/**
 * What was left undone would be cheap: makes sure that those have ended that should, and nothing else.
 */
export function expectEndings({ shop }: Stage, { ending }: Arranged): () => void {
  const ids = new Set(ending.map(({ id }) => id));
  const others = shop.deployments().filter(({ id }) => !ids.has(id));
  const statuses = others.map(inactiveStatuses);
  return () => {
    const left = ending.filter(({ state }) => state !== 'inactive');
    if (left.length > 0) throw new Error(`${left.length} of ${ending.length} deployments have not ended`);
    const touched = others.filter((one, i) => inactiveStatuses(one) !== statuses[i]);
    if (touched.length > 0) throw new Error(`${touched.length} deployments have ended that should not`);
  };
}

function inactiveStatuses({ statuses }: Arranged['ending'][number]): number {
  return statuses.filter(({ state }) => state === 'inactive').length;
}

/** Secondary limits that were overstepped, although nothing was spaced as it is on GitHub. */
function complaints({ github }: Stage): readonly string[] {
  if (github.notSimulated.length > 0) throw new Error(`Not simulated: ${github.notSimulated.join(', ')}`);
  const limits = new Set(github.breaches.map(({ limit }) => limit));
  return limits.size === 0 ? [] : [`without pacing, oversteps ${[...limits].join(', ')}`];
}
