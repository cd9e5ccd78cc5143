import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubWriter } from '../github/port.ts';
import type { FindingCode } from '../reports/reason-codes.ts';
import type { DeployKeyChange, DeployKeyReplacement, WantedKey } from './deploy-key-change.ts';

/** What became of a change of a key. */
export type DeployKeyOutcome =
  | { readonly result: 'applied' | 'already' }
  | { readonly result: 'refused'; readonly detail: string; readonly code: FindingCode };

type Writer = Pick<GitHubWriter, 'send'>;
type Refused = Extract<DeployKeyOutcome, { readonly result: 'refused' }>;

/**
 * Carries changes of deploy keys out, one after the other. Where GitHub says that there may be no deploy keys here, or
 * that the app may not change them, the rest is not asked for.
 * @throws GitHubError where GitHub is unavailable, asks to wait, or nobody knows whether a write was carried out.
 */
export async function applyDeployKeys(
  github: Writer,
  repository: RepositoryRef,
  work: {
    readonly changes: readonly DeployKeyChange[];
    readonly outcome: (change: DeployKeyChange, outcome: DeployKeyOutcome) => void;
  },
): Promise<void> {
  let closed: Refused | null = null;
  for (const change of work.changes) {
    const outcome: DeployKeyOutcome = closed ?? (await applyDeployKey(github, repository, change));
    if (outcome.result === 'refused' && isForAll(outcome.code)) closed = outcome;
    work.outcome(change, outcome);
  }
}

function isForAll(code: FindingCode): boolean {
  return code === 'deploy_keys_forbidden' || code === 'deploy_keys_denied';
}

async function applyDeployKey(
  github: Writer,
  repository: RepositoryRef,
  change: DeployKeyChange,
): Promise<DeployKeyOutcome> {
  switch (change.kind) {
    case 'create_deploy_key':
      return (await create(github, repository, change.wanted)) ?? { result: 'applied' };
    case 'delete_deploy_key':
      return remove(github, repository, change.old.id);
    case 'recreate_deploy_key':
      return replace(github, repository, change);
  }
}

/**
 * The new key is asked for while the old one is still there. That it is in use is the answer to expect; any other no
 * would come afterwards too, and then it is the old key that would be lost.
 */
async function replace(
  github: Writer,
  repository: RepositoryRef,
  { old, wanted }: DeployKeyReplacement,
): Promise<DeployKeyOutcome> {
  const asked = await create(github, repository, wanted);
  if (asked === null) return { result: 'applied' };
  if (asked.code !== 'deploy_key_in_use') return asked;
  const removed = await remove(github, repository, old.id);
  if (removed.result === 'refused') return removed;
  const created = await create(github, repository, wanted);
  if (created === null) return { result: 'applied' };
  const restored = removed.result === 'already' ? created : await create(github, repository, old);
  const outcome = restored === null ? 'The old one was put back.' : 'The old one could not be put back: it is gone.';
  return { result: 'refused', code: 'deploy_key_not_recreated', detail: `${created.detail} ${outcome}` };
}

/** Null where the key was made. */
async function create(github: Writer, repository: RepositoryRef, wanted: WantedKey): Promise<Refused | null> {
  const { title, key, readOnly } = wanted;
  try {
    const place = { owner: repository.owner, repo: repository.name };
    await github.send('POST /repos/{owner}/{repo}/keys', { ...place, title, key, read_only: readOnly });
    return null;
  } catch (error) {
    return refusal(error);
  }
}

async function remove(github: Writer, repository: RepositoryRef, id: number): Promise<DeployKeyOutcome> {
  try {
    const place = { owner: repository.owner, repo: repository.name };
    await github.send('DELETE /repos/{owner}/{repo}/keys/{key_id}', { ...place, key_id: id });
    return { result: 'applied' };
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') return { result: 'already' };
    return refusal(error);
  }
}

/**
 * GitHub's final no, by what it means. It says with a 422 that a key is in use somewhere, and that an organisation has
 * switched deploy keys off ("Deploy keys are disabled for this repository").
 * @throws what is none: an outage, a limit, a lost answer, an error of ours.
 */
function refusal(error: unknown): Refused {
  if (!(error instanceof GitHubError)) throw error;
  const { kind, message } = error;
  const refused = (code: FindingCode): Refused => ({ result: 'refused', code, detail: message });
  switch (kind) {
    case 'forbidden':
    case 'not_found':
      return refused('deploy_keys_denied');
    case 'refused':
      if (/deploy keys are disabled/i.test(message)) return refused('deploy_keys_forbidden');
      return refused(/already in use/i.test(message) ? 'deploy_key_in_use' : 'change_refused');
    default:
      throw error;
  }
}
