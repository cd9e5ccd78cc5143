import { GitHubError } from '../github/port.ts';
import type { ProtectionRun } from './apply-protection.ts';
import { knownRefusal, tellRefused } from './apply-protection-refusal.ts';
import { readProtectionPart, type ProtectionPart } from './read-protection.ts';

const ENVIRONMENT = '/repos/{owner}/{repo}/environments/{environment_name}';

/**
 * Makes one change that has a request of its own. Where nobody knows what came of it, it is looked for before it is sent
 * again. Resolves to whether it is so now.
 * @throws GitHubError
 */
export async function applyProtectionPart(run: ProtectionRun, change: ProtectionPart): Promise<boolean> {
  if (knownRefusal(run, change) !== null) return false;
  for (let isAgain = false; ; isAgain = true) {
    try {
      run.writes += 1;
      await send(run, change);
      run.listener.outcome({ change, result: 'applied' });
      return true;
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      const { kind } = error;
      if (kind === 'forbidden') {
        tellRefused(run, change, error);
        return false;
      }
      if (kind !== 'lost' && kind !== 'refused' && kind !== 'not_found') throw error;
      const left = await readProtectionPart(run.github, run.repository, change);
      if (left === 'due' && kind === 'lost') {
        if (isAgain) throw error;
        continue;
      }
      if (left === 'due') tellRefused(run, change, error);
      else run.listener.outcome({ change, result: resultOf(left, kind) });
      return left === 'done';
    }
  }
}

function resultOf(left: 'done' | 'overtaken', kind: GitHubError['kind']): 'applied' | 'already' | 'overtaken' {
  if (left === 'overtaken') return 'overtaken';
  return kind === 'lost' ? 'applied' : 'already';
}

async function send({ github, repository }: ProtectionRun, change: ProtectionPart): Promise<void> {
  const place = { owner: repository.owner, repo: repository.name, environment_name: change.environment };
  switch (change.kind) {
    case 'add_branch_pattern': {
      const { name, type } = change.pattern;
      await github.send(`POST ${ENVIRONMENT}/deployment-branch-policies`, { ...place, name, type });
      return;
    }
    case 'remove_branch_pattern':
      await github.send(`DELETE ${ENVIRONMENT}/deployment-branch-policies/{branch_policy_id}`, {
        ...place,
        branch_policy_id: change.pattern.id,
      });
      return;
    case 'enable_custom_rule':
      await github.send(`POST ${ENVIRONMENT}/deployment_protection_rules`, {
        ...place,
        integration_id: change.app.id,
      });
      return;
    case 'set_variable': {
      const { name, from, to } = change;
      if (from === null) await github.send(`POST ${ENVIRONMENT}/variables`, { ...place, name, value: to });
      else await github.send(`PATCH ${ENVIRONMENT}/variables/{name}`, { ...place, name, value: to });
      return;
    }
  }
}
