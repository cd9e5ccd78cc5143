import { addCommitStatus } from '../state/commit-statuses.ts';
import { addDeployKey, deleteDeployKey } from '../state/deploy-keys.ts';
import { findCommit } from '../state/git.ts';
import type { Repository } from '../state/model.ts';
import { account } from '../state/accounts.ts';
import type { World } from '../state/world.ts';
import { addCheckRunTo, checkRunHandle } from './checks.ts';
import { actorOf } from './deployment.ts';
import type { RepositoryHandle } from './repository-handle.ts';
import { addWorkflowRunTo } from './workflow-run.ts';

/** What gates look at, and keys. */
export function gateFacts(
  world: World,
  repository: Repository,
): Pick<
  RepositoryHandle,
  | 'setCommitStatus'
  | 'addCheckRun'
  | 'checkRuns'
  | 'addDeployKey'
  | 'removeDeployKey'
  | 'deployKeys'
  | 'forbidDeployKeys'
  | 'addCollaborator'
  | 'addWorkflowRun'
  | 'dispatches'
> {
  const shaOf = (name = repository.defaultBranch) => {
    const commit = findCommit(repository.git, name);
    if (commit === undefined) throw new Error(`There is no ${name}`);
    return commit.sha;
  };
  return {
    setCommitStatus: ({ sha, creator, ...options }) =>
      addCommitStatus(world, repository, { ...options, sha: shaOf(sha), creator: actorOf(world, { creator }) }),
    addCheckRun: (options) => addCheckRunTo(world, repository, { ...options, sha: shaOf(options.sha) }),
    checkRuns(ref) {
      const sha = ref === undefined ? undefined : shaOf(ref);
      const all = [...repository.checkRuns.values()].filter((run) => sha === undefined || run.sha === sha);
      return all.map((run) => checkRunHandle(world, run));
    },
    addDeployKey(options) {
      const key = addDeployKey(world, repository, { readOnly: true, addedBy: 'octocat', ...options });
      if (typeof key === 'string') throw new Error(key);
      return key;
    },
    removeDeployKey(id) {
      const key = repository.deployKeys.get(id);
      if (key !== undefined) deleteDeployKey(world, repository, key);
    },
    deployKeys: () => [...repository.deployKeys.values()],
    forbidDeployKeys: (existing = 'disabled') => {
      repository.deployKeysForbidden = true;
      for (const key of repository.deployKeys.values()) key.enabled = existing === 'enabled';
    },
    addCollaborator: (login, permission = 'write') => {
      repository.collaborators.set(account(world, login).login.toLowerCase(), permission);
    },
    addWorkflowRun(options = {}) {
      const branch = options.branch ?? repository.defaultBranch;
      return addWorkflowRunTo(world, repository, { ...options, branch, sha: shaOf(options.sha ?? branch) });
    },
    dispatches: repository.dispatches,
  };
}
