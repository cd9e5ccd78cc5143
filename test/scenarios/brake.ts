import type { LoggedRequest, Simulator } from '../simulator/index.ts';

/** How a server is kept from changing anything: by everybody's policy, or by its own setting. */
export type Brake = 'report' | 'observe';

/** The brake that scenarios are played under, and what came of it; null: each as it is written. */
export const played: {
  brake: Brake | null;
  scenarios: number;
  /** How often a server said what it would have done. */
  told: number;
  /** What went out in spite of the brake. */
  breaches: string[];
} = { brake: null, scenarios: 0, told: 0, breaches: [] };

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
