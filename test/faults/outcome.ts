import type { DeploymentHandle } from '../simulator/index.ts';
import { decisionOf } from './gated.ts';
import type { Stage } from './story.ts';

/** How a story ended, in lines that two runs of it have in common. */
export function outcomeOf({ player, gatePlayer, repository }: Stage): readonly string[] {
  return [
    ...(gatePlayer?.runs ?? []).map(
      (run, i) => `run ${i} to ${[...run.raw.deployments.keys()].join()} ${decisionOf(run)}`,
    ),
    ...player.deployments.map(
      (one, i) => `deployment ${i} of ${one.environment} is ${one.exists ? one.state : 'gone'}`,
    ),
    ...repository
      .environments()
      .sort()
      .map((name) => `there is ${name}`),
  ];
}

/** In what way a run that had to bear faults ended otherwise than the one that had not. */
export function differences(found: Stage, expected: Stage): readonly string[] {
  const [theirs, ours] = [outcomeOf(found), outcomeOf(expected)];
  return [
    ...theirs.filter((line) => !ours.includes(line)).map((line) => `${line}, and without faults it is not so`),
    ...ours.filter((line) => !theirs.includes(line)).map((line) => `without faults ${line}`),
  ];
}

/** What must never have happened, however the story ended. */
export function breachesIn(stage: Stage): readonly string[] {
  const { player, gatePlayer, repository } = stage;
  return [
    ...player.deployments.flatMap((one, i) => breachesOf(stage, one).map((wrong) => `deployment ${i} ${wrong}`)),
    ...[...player.guarded].filter((name) => !repository.environments().includes(name)).map((name) => `${name} is gone`),
    ...(gatePlayer?.changed() ?? []).map((name) => `the protection of ${name} was changed`),
  ];
}

const ENDED = new Set(['failure', 'error', 'inactive']);

const isOurs = (status: DeploymentHandle['statuses'][number]) => status.viaApp?.slug === 'lockkeeper';

function breachesOf({ story }: Stage, one: DeploymentHandle): readonly string[] {
  const { statuses } = one;
  // A word of the app's about what has ended is one too many.
  const tooMany = statuses.flatMap((status, i) => {
    const before = statuses[i - 1]?.state;
    return isOurs(status) && before !== undefined && ENDED.has(before)
      ? [`was ${before} and got ${status.state} from the app`]
      : [];
  });
  const isShared = one.environment.toLowerCase() === 'shared' && story.isNamedTransient;
  const isOutOfReach =
    one.environment === 'ungoverned' ||
    (one.production && !isShared) ||
    (!one.transient && !story.isNamedTransient && !one.production);
  const touched = isOutOfReach && statuses.some(isOurs) ? [`of ${one.environment} is protected and was touched`] : [];
  return [...tooMany, ...touched, ...(one.exists ? [] : ['is gone'])];
}
