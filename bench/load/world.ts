import { startSimulator, type Simulator } from '../../test/simulator/index.ts';
import { pushDelivery, type Delivery, type Place } from './deliveries.ts';

/** A GitHub with many installations, of so many repositories each. */
export interface LoadedGitHub {
  readonly github: Simulator;
  readonly places: readonly Place[];
  deliveries(places?: readonly Place[]): readonly Delivery[];
  /** The variables of a server that listens to nobody but this GitHub. */
  environment(more?: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
}

/** @param size.latency milliseconds that each answer takes. */
export async function startLoadedGitHub(size: {
  readonly installations: readonly number[];
  readonly latency: number;
  /** Of each repository; default none. */
  readonly policy?: string;
}): Promise<LoadedGitHub> {
  const github = await startSimulator({ realTime: true, latencyMs: size.latency, rateLimit: 100_000_000 });
  const places = size.installations.flatMap((repositories, i) => {
    const owner = `owner-${i}`;
    github.addOwner(owner);
    const some = Array.from({ length: repositories }, (_, j) => github.addRepository({ owner, name: `shop-${j}` }));
    const { id } = github.install({ owner, repositories: 'all' });
    if (size.policy !== undefined) {
      for (const repository of some) repository.push({ files: { '.github/deployments.yml': size.policy } });
    }
    return some.map((repository, j) => ({
      installation: id,
      repository: { id: repository.id, owner, name: `shop-${j}` },
    }));
  });
  return {
    github,
    places,
    deliveries: (some = places) => some.map((place) => pushDelivery(place, github.app.webhookSecret)),
    environment: (more = {}) => ({
      ...github.environment(),
      HOST: '127.0.0.1',
      PORT: '0',
      SWEEP_INTERVAL: '0',
      GITHUB_PACING: 'off',
      LOG_LEVEL: 'error',
      ...more,
    }),
  };
}
