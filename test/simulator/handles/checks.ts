import { addCheckRun, updateCheckRun } from '../state/checks.ts';
import type { CheckConclusion, CheckRun, CheckStatus, Repository } from '../state/model.ts';
import { account, addApp } from '../state/accounts.ts';
import type { World } from '../state/world.ts';

export interface NewCheckRun {
  /** A commit or a branch; default the default branch. */
  readonly sha?: string;
  readonly name: string;
  /** A slug; default `ci`. */
  readonly app?: string;
  readonly externalId?: string;
  readonly status?: CheckStatus;
  /** Completes it. */
  readonly conclusion?: CheckConclusion;
}

export interface CheckRunHandle {
  readonly id: number;
  readonly name: string;
  readonly app: string;
  readonly sha: string;
  readonly status: CheckStatus;
  readonly conclusion: CheckConclusion | null;
  readonly raw: CheckRun;
  complete(conclusion: CheckConclusion): void;
  /** Goes back to another status than completed. */
  restart(status?: 'queued' | 'in_progress'): void;
  /** Somebody presses a button that the run has. @throws where it has no such button or is not completed. */
  press(identifier: string, by?: string): void;
  /** Somebody presses "Re-run". */
  rerequest(by?: string): void;
}

export function addCheckRunTo(
  world: World,
  repository: Repository,
  options: NewCheckRun & { sha: string },
): CheckRunHandle {
  const app = addApp(world, { slug: options.app ?? 'ci' });
  const { sha, name, externalId, status, conclusion } = options;
  return checkRunHandle(world, addCheckRun(world, repository, { app, sha, name, externalId, status, conclusion }));
}

export function checkRunHandle(world: World, run: CheckRun): CheckRunHandle {
  return {
    id: run.id,
    app: run.app.slug,
    sha: run.sha,
    raw: run,
    get name() {
      return run.name;
    },
    get status() {
      return run.status;
    },
    get conclusion() {
      return run.conclusion;
    },
    complete: (conclusion) => {
      updateCheckRun(world, run, { conclusion });
    },
    restart: (status = 'queued') => {
      updateCheckRun(world, run, { status });
    },
    press(identifier, by = 'octocat') {
      // GitHub shows buttons on completed runs only.
      const has = run.status === 'completed' && run.actions.some((action) => action.identifier === identifier);
      if (!has) throw new Error(`There is no button ${identifier}`);
      world.emit({
        name: 'check_run',
        action: 'requested_action',
        checkRun: run,
        identifier,
        sender: account(world, by),
      });
    },
    rerequest(by = 'octocat') {
      world.emit({ name: 'check_run', action: 'rerequested', checkRun: run, sender: account(world, by) });
    },
  };
}
