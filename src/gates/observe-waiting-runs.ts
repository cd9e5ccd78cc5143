import { environmentKey, type RepositoryRef } from '../github/ids.ts';
import { readCustomRules } from '../github/environments.ts';
import { getAll } from '../github/pages.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import { toRun, type ObservedRun } from './observe-run.ts';

/** A run of Actions that waits for what this app says of an environment. */
export interface WaitingRun {
  /** As GitHub spells it. */
  readonly environment: string;
  readonly run: ObservedRun;
}

/** More runs than this do not wait in one repository, or somebody is playing. */
const MOST_RUNS = 1_000;

/**
 * The runs that wait for this app's rule, each with the environment that it waits for: so a lost delivery or a restart
 * forgets nobody. One request where none waits, which costs no rate limit while that stays so; else one more for each run,
 * and one for each environment.
 *
 * @param question.only nothing but one environment (in lower case) is asked about, and nothing of the runs that are known to
 * ask for it, by their number, with the environment as GitHub spells it.
 * @throws GitHubError
 * @see https://docs.github.com/en/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run
 */
export async function observeWaitingRuns(
  github: Pick<GitHubReader, 'get'>,
  question: {
    readonly repository: RepositoryRef;
    readonly appId: number;
    readonly only?: { readonly environment: string; readonly asking: ReadonlyMap<number, string> };
  },
): Promise<readonly WaitingRun[]> {
  const { repository, appId, only } = question;
  const { owner, name: repo } = repository;
  const answers = await getAll(
    github,
    'GET /repos/{owner}/{repo}/actions/runs',
    { owner, repo, status: 'waiting' },
    { items: ({ workflow_runs }) => workflow_runs, most: MOST_RUNS },
  );
  // Where one is asked of this app, the rule is its own.
  const ours = new Map<string, boolean>(only !== undefined && only.asking.size > 0 ? [[only.environment, true]] : []);
  const found: WaitingRun[] = [];
  for (const answer of answers) {
    const run = toRun(answer, repository);
    const known = only?.asking.get(run.id);
    for (const environment of known === undefined ? await pendingEnvironments(github, repository, run) : [known]) {
      const key = environmentKey(environment);
      if (only !== undefined && key !== only.environment) continue;
      const isOurs = ours.get(key) ?? (await hasOurRule(github, repository, { environment, appId }));
      ours.set(key, isOurs);
      if (isOurs) found.push({ environment, run });
    }
  }
  return found;
}

/** None where the run went on meanwhile. */
async function pendingEnvironments(
  github: Pick<GitHubReader, 'get'>,
  { owner, name }: RepositoryRef,
  { id }: ObservedRun,
): Promise<readonly string[]> {
  try {
    const pending = await github.get('GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments', {
      owner,
      repo: name,
      run_id: id,
    });
    return pending.flatMap(({ environment }) => environment.name ?? []);
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') return [];
    throw error;
  }
}

/** Where the rules may not be read, it may be ours: GitHub refuses an answer that nobody asked for. */
async function hasOurRule(
  github: Pick<GitHubReader, 'get'>,
  repository: RepositoryRef,
  { environment, appId }: { readonly environment: string; readonly appId: number },
): Promise<boolean> {
  try {
    const rules = await readCustomRules(github, repository, environment);
    return rules.some(({ id }) => id === appId);
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') return false;
    if (error instanceof GitHubError && error.kind === 'forbidden') return true;
    throw error;
  }
}
