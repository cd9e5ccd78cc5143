import type { LoggedRequest, Simulator } from '../simulator/index.ts';

/** How a server is kept from changing anything: by everybody's policy, or by its own setting. */
export type Brake = 'report' | 'observe';

const BRAKES: readonly string[] = ['report', 'observe'] satisfies readonly Brake[];

/** The brake that all scenarios of this process are played under; null: each as it is written. */
export const brake: Brake | null = readBrake(process.env['SCENARIO_BRAKE']);

/** What went out in spite of the brake, over all scenarios of the process, for who plays them under one. */
export const breaches: string[] = [];

/** How much has been played, and how often a server said what it would have done. */
export const tally = { scenarios: 0, told: 0 };

function readBrake(name: string | undefined): Brake | null {
  if (name === undefined) return null;
  if (BRAKES.includes(name)) return name as Brake;
  throw new Error(`SCENARIO_BRAKE is report or observe, not ${name}`);
}

/** What `mode: report` may still say: check runs, and what it tells a protection rule that asks. */
const SAID = [
  'POST /repos/{owner}/{repo}/check-runs',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule',
];

/** The writes that the app sent and may not have sent, as a person can read them. */
export function breachesOf(github: Pick<Simulator, 'requests'>, held: Brake): readonly string[] {
  return github.requests
    .written()
    .filter(({ route }) => held === 'observe' || !SAID.includes(route ?? ''))
    .map((write) => `${held}: ${nameOf(write)}`);
}

function nameOf({ route, operation, path }: LoggedRequest): string {
  return `${operation ?? route ?? '(no route)'} to ${path}`;
}

/** The policy with `mode: report` in it, whatever it said. What is no policy stays so. */
export function withReportMode(path: string, text: string): string {
  if (path !== '.github/deployments.yml') return text;
  if (text.trimStart().startsWith('{'))
    return text.replace('{', '{"mode":"report",').replace(/,\s*"mode":\s*"enforced?"/, '');
  return `mode: report\n${text.replace(/^mode:.*\n/m, '')}`;
}
