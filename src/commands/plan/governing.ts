import type { RepositoryRef } from '../../github/ids.ts';
import type { GitHubReader } from '../../github/port.ts';
import { ACTED_ON } from '../../jobs/governing-policy.ts';
import type { Diagnostic } from '../../policy/diagnostics.ts';
import { govern } from '../../policy/govern.ts';
import {
  createPolicyCache,
  loadPolicy,
  proposedFileOf,
  type Governing,
  type LoadedFile,
  type LoadedFiles,
} from '../../policy/load.ts';
import { POLICY_PATH } from '../../policy/load-fields.ts';
import { withReach } from '../../policy/load-reach.ts';
import type { EffectivePolicy } from '../../policy/merge.ts';
import { idleSections } from '../../policy/sections.ts';
import type { Finding } from '../../reports/reason-codes.ts';
import { CommandFailure, EXIT } from '../exit-code.ts';
import type { SeenRepository } from '../person.ts';
import { readPolicyFile } from '../validate.ts';

/** A diagnostic, and the file that it is about. */
export interface FileDiagnostic {
  readonly file: string;
  readonly diagnostic: Diagnostic;
}

/** What governs a repository, as far as a command must know it. */
export type Governance =
  /** Nothing does: one sentence that says why. */
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'errors'; readonly diagnostics: readonly FileDiagnostic[] }
  | {
      readonly kind: 'valid';
      readonly policy: EffectivePolicy;
      /** What of the policy does not count here, or could not be read. */
      readonly findings: readonly Finding[];
    };

/** A file in the place of the repository's own, by the name that it is told of with. */
export interface PolicyFile {
  readonly name: string;
  readonly content: Uint8Array | string;
}

/**
 * Reads a file in the place of the repository's own, and what is wrong with it by itself: that needs no GitHub.
 * @throws CommandFailure where it cannot be read
 */
export async function readProposed(
  path: string,
): Promise<{ readonly file: PolicyFile; readonly errors: readonly FileDiagnostic[] }> {
  const file = { name: path, content: await readPolicyFile(path) };
  return { file, errors: errorsOf(proposedFileOf(file.content), path) };
}

/**
 * Loads the policy of a repository, its owner's file included, or judges `proposed` in the place of its own.
 * @throws GitHubError
 * @throws CommandFailure where the repository's own file is there and may not be read
 */
export async function loadGovernance(
  { github, repository, isArchived }: SeenRepository,
  proposed: PolicyFile | null,
): Promise<Governance> {
  const name = `${repository.owner}/${repository.name}`;
  if (isArchived) return { kind: 'none', why: `${name} is archived: it is left alone until it is unarchived.` };
  const governing = await loadGoverning(github, repository, proposed);
  if (governing === null) return { kind: 'none', why: `${name} went away meanwhile.` };
  const { files } = governing;
  const own = proposed?.name ?? POLICY_PATH;
  if (files.repository.kind === 'unreadable') {
    throw new CommandFailure(EXIT.github, `${own} cannot be read: ${files.repository.detail}`);
  }
  const organisation = `${repository.owner}/.github/${POLICY_PATH}`;
  const errors = [
    ...errorsOf(files.repository, own),
    ...(files.organisation.kind === 'invalid' ? errorsOf(files.organisation, organisation) : []),
  ];
  if (errors.length > 0) return { kind: 'errors', diagnostics: errors };
  if (governing.kind !== 'valid') return { kind: 'none', why: `No policy governs ${name}: nothing is done there.` };
  return { kind: 'valid', policy: governing.policy, findings: findingsOf(governing, organisation) };
}

async function loadGoverning(
  github: GitHubReader,
  repository: RepositoryRef,
  proposed: PolicyFile | null,
): Promise<Governing | null> {
  const cache = createPolicyCache();
  const found = await loadPolicy(github, repository, cache);
  if (found === null) return null;
  const loaded = await withReach(github, found, { repository, cache });
  if (proposed === null) return loaded.governing;
  const files: LoadedFiles = { ...loaded.governing.files, repository: proposedFileOf(proposed.content) };
  return govern(files, repository);
}

function errorsOf(file: LoadedFile, name: string): readonly FileDiagnostic[] {
  const diagnostics = 'diagnostics' in file ? file.diagnostics : [];
  return diagnostics.filter(({ severity }) => severity === 'error').map((diagnostic) => ({ file: name, diagnostic }));
}

function findingsOf(
  { policy, files }: Extract<Governing, { readonly kind: 'valid' }>,
  organisation: string,
): readonly Finding[] {
  const theirs = files.organisation;
  const idle = idleSections(policy, ACTED_ON).map(({ path }) => path.join('.'));
  return [
    ...(theirs.kind === 'unreadable'
      ? [{ code: 'policy_unreadable', message: `${organisation} cannot be read: ${theirs.detail}` } as const]
      : []),
    // An entry of the organisation's that is out of range leaves its environments alone, and is not for us to mend.
    ...errorsOf(theirs, organisation).map(({ file, diagnostic: { line, column, message } }) => {
      return { code: 'policy_invalid', message: `${file}:${line}:${column} ${message}` } as const;
    }),
    ...(idle.length > 0
      ? [{ code: 'policy_not_acted_on', message: `This version does not act on: ${idle.join(', ')}.` } as const]
      : []),
  ];
}
