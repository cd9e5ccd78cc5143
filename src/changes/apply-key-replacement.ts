import { getAll } from '../github/pages.ts';
import { GitHubError } from '../github/port.ts';
import { publicKeyBody } from '../policy/public-key.ts';
import {
  createDeployKey,
  deleteDeployKey,
  type DeployKeyOutcome,
  type DeployKeyRefused,
  type KeysPlace,
} from './apply-deploy-key.ts';
import type { DeployKeyReplacement, WantedKey } from './deploy-key-change.ts';

/**
 * Deletes a key and adds it as it is to be. The new key is asked for while the old one is still there: that it is in use is
 * the answer to expect, and any other no would come afterwards too, when it is the old key that is lost. From the deletion
 * on, an answer that is lost is looked for, and what cannot be made is made up for by putting the old key back.
 * @param work.tell is told before this throws, where the old key is gone and the new one is not there.
 * @throws GitHubError where GitHub is unavailable or asks to wait, and nothing was deleted or nothing could be put back
 */
export async function replaceDeployKey(
  place: KeysPlace,
  { change, tell }: { readonly change: DeployKeyReplacement; readonly tell: (outcome: DeployKeyOutcome) => void },
): Promise<DeployKeyOutcome> {
  const { old, wanted } = change;
  const asked = await createDeployKey(place, wanted);
  if (asked === null) return { result: 'applied' };
  if (asked.code !== 'deploy_key_in_use') return asked;
  const removed = await removeSurely(place, old.id);
  if (removed.result === 'refused') return removed;
  const failure = await createSurely(place, wanted);
  if (failure === null) return { result: 'applied' };
  // What somebody else has deleted is not for us to bring back.
  const left = removed.result === 'already' ? failure : await createSurely(place, old);
  if (left === null) return notRecreated(failure, 'The old one was put back.');
  if (await isThere(place, wanted)) return { result: 'applied' };
  const outcome = notRecreated(failure, 'The old one could not be put back: it is gone.');
  if (left.error === null) return outcome;
  tell(outcome);
  throw left.error;
}

/** Why a key could not be added: GitHub's no, or what went wrong. */
interface Failure {
  readonly detail: string;
  readonly error: GitHubError | null;
}

function notRecreated({ detail, error }: Failure, outcome: string): DeployKeyRefused {
  const told = { result: 'refused', code: 'deploy_key_not_recreated', detail: `${detail} ${outcome}` } as const;
  return error === null ? told : { ...told, isPassing: true };
}

/** Adds a key, twice where the first answer was lost and the key is not there. Null: it is there now. */
async function createSurely(place: KeysPlace, wanted: WantedKey): Promise<Failure | null> {
  for (let isAgain = false; ; isAgain = true) {
    try {
      const refused = await createDeployKey(place, wanted);
      if (refused === null) return null;
      // The one before may have been slow.
      return isAgain && (await isThere(place, wanted)) ? null : { detail: refused.detail, error: null };
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      if (error.kind === 'lost' && (await isThere(place, wanted))) return null;
      if (error.kind !== 'lost' || isAgain) return { detail: `${error.message}.`, error };
    }
  }
}

/** Deletes a key, and looks whether it is gone where the answer was lost. */
async function removeSurely(place: KeysPlace, id: number): Promise<DeployKeyOutcome> {
  try {
    return await deleteDeployKey(place, id);
  } catch (error) {
    if (!(error instanceof GitHubError) || error.kind !== 'lost') throw error;
    const keys = await readKeys(place);
    if (keys.some((key) => key.id === id)) throw error;
    return { result: 'applied' };
  }
}

/** False where it cannot be read, too: what is there then says so when it is added again. */
async function isThere(place: KeysPlace, wanted: WantedKey): Promise<boolean> {
  try {
    const keys = await readKeys(place);
    return keys.some(
      (one) => publicKeyBody(one.key) === wanted.key && one.title === wanted.title && one.read_only === wanted.readOnly,
    );
  } catch (error) {
    if (error instanceof GitHubError) return false;
    throw error;
  }
}

function readKeys({ github, repository }: KeysPlace) {
  const place = { owner: repository.owner, repo: repository.name };
  return getAll(github, 'GET /repos/{owner}/{repo}/keys', place, { items: (data) => data });
}
