import type { Change } from '../changes/change.ts';
import { planLines, type PlanLine } from './plan.ts';

/** What was deleted in one environment: the environment, and its deployments in one line, however many they were. */
export function deletionLines(made: readonly Change[]): readonly PlanLine[] {
  const environments = made.filter(({ kind }) => kind === 'delete_environment');
  const deployments = made.filter((change) => change.kind === 'delete_deployment');
  const [first] = deployments;
  if (first === undefined || deployments.length === 1) return planLines([...environments, ...deployments]);
  return [
    ...planLines(environments),
    {
      sign: '-',
      what: `${deployments.length} deployments of`,
      name: first.deployment.environment,
      difference: '',
      reason: 'They had ended longer ago than delete.after.',
    },
  ];
}
