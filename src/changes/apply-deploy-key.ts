import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHub } from '../github/port.ts';
import type { FindingCode } from '../reports/reason-codes.ts';
import type { WantedKey } from './deploy-key-change.ts';

/** What became of a change of a key. */
export type DeployKeyOutcome = { readonly result: 'applied' | 'already' } | DeployKeyRefused;

export interface DeployKeyRefused {
  readonly result: 'refused';
  readonly detail: string;
  readonly code: FindingCode;
  /** It was no answer of GitHub's, or none that lasts: it can be tried again. */
  readonly isPassing?: boolean;
}

/** Where keys are changed, and read again where nobody knows what came of it. */
export interface KeysPlace {
  readonly github: Pick<GitHub, 'get' | 'send'>;
  readonly repository: RepositoryRef;
}

/**
 * Null where the key was made.
 * @throws GitHubError what is no final no: an outage, a limit, a lost answer
 */
export async function createDeployKey(
  { github, repository }: KeysPlace,
  { title, key, readOnly }: WantedKey,
): Promise<DeployKeyRefused | null> {
  try {
    const place = { owner: repository.owner, repo: repository.name };
    await github.send('POST /repos/{owner}/{repo}/keys', { ...place, title, key, read_only: readOnly });
    return null;
  } catch (error) {
    return refusal(error);
  }
}

/** @throws GitHubError what is no final no: an outage, a limit, a lost answer */
export async function deleteDeployKey({ github, repository }: KeysPlace, id: number): Promise<DeployKeyOutcome> {
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
function refusal(error: unknown): DeployKeyRefused {
  if (!(error instanceof GitHubError)) throw error;
  const { kind, message } = error;
  const refused = (code: FindingCode): DeployKeyRefused => ({ result: 'refused', code, detail: message });
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
