import type { RepositoryRef } from '../github/ids.ts';
import type { Diagnostic } from './diagnostics.ts';
import { POLICY_PATH } from './load-fields.ts';
import { appliesTo, mergePolicies, type EffectivePolicy } from './merge.ts';
import type { ParsedPolicy, Reach } from './parse.ts';
import type { Policy } from './schema.ts';

/** The commit on the default branch that last changed a policy file; `at` in milliseconds since the epoch. */
export interface PolicyCommit {
  readonly oid: string;
  readonly at: number;
}

/** One policy file as it is on its default branch. `version` is the id of its blob. */
export type LoadedFile =
  | { readonly kind: 'absent' }
  /** It is there, as far as GitHub tells, and may not be read. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  | ParsedFile;

export type ParsedFile = {
  readonly version: string;
  readonly commit: PolicyCommit | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: ParsedPolicy['locate'];
  /** Characters of its text; at least 1. */
  readonly size: number;
} & ({ readonly kind: 'valid'; readonly policy: Policy } | { readonly kind: 'invalid'; readonly reach: Reach });

/** The files that govern a repository: its own and its owner's. One that does not speak of it is absent. */
export interface LoadedFiles {
  readonly repository: LoadedFile;
  readonly organisation: LoadedFile;
}

/** What governs a repository. */
export type Governing =
  | { readonly kind: 'none'; readonly files: LoadedFiles }
  /** A file does not parse: nothing is changed. */
  | { readonly kind: 'broken'; readonly version: string; readonly files: LoadedFiles }
  | {
      readonly kind: 'valid';
      /** Changes whenever either file does. */
      readonly version: string;
      readonly policy: EffectivePolicy;
      readonly files: LoadedFiles;
    };

export const ABSENT: LoadedFile = { kind: 'absent' };

/** What is known of files that do not tell of which repositories they speak, by {@link reachKey}. */
export interface KnownReaches {
  readonly reaches: { get(key: string): Reach | undefined };
}

/** Whose file it is, and since when: owners may have files of the same text, and one may go back to a text that it had. */
export function reachKey(owner: string, { version, commit }: Pick<ParsedFile, 'version' | 'commit'>): string {
  return `${owner.toLowerCase()} ${version} ${commit?.oid ?? ''}`;
}

/**
 * Brings the two files together. Where one does not parse, nothing is decided from the other either; an owner's counts
 * for the repositories that it speaks of alone, and for all where nobody knows which these are.
 */
export function govern(
  seen: LoadedFiles,
  repository: Pick<RepositoryRef, 'owner' | 'name'>,
  known?: KnownReaches,
): Governing {
  const own = seen.repository;
  const theirs = speaksOf(seen.organisation, repository, known) ? seen.organisation : ABSENT;
  const files: LoadedFiles = { repository: own, organisation: theirs };
  const version = [theirs, own].map((file) => ('version' in file ? file.version : '-')).join('+');
  // What may not be read is not known to be absent.
  if (!isReadable(own) || !isReadable(theirs)) return { kind: 'broken', version, files };
  const policy = mergePolicies({
    organisation: sourceOf(theirs, `${repository.owner}/.github/${POLICY_PATH}`),
    repository: sourceOf(own, POLICY_PATH),
    repositoryName: repository.name,
  });
  return policy === null ? { kind: 'none', files } : { kind: 'valid', version, policy, files };
}

/** Whether an owner's file is about a repository, as far as is known. */
export function speaksOf(
  file: LoadedFile,
  { owner, name }: Pick<RepositoryRef, 'owner' | 'name'>,
  known?: KnownReaches,
): boolean {
  switch (file.kind) {
    case 'absent':
      return false;
    case 'unreadable':
      return true;
    case 'valid':
      return appliesTo(file.policy.repositories ?? 'all', name);
    case 'invalid':
      return appliesTo(known?.reaches.get(reachKey(owner, file)) ?? file.reach, name);
  }
}

function isReadable(file: LoadedFile): boolean {
  return file.kind === 'absent' || file.kind === 'valid';
}

function sourceOf(file: LoadedFile, name: string) {
  return file.kind === 'valid'
    ? { file: name, policy: file.policy, locate: file.locate, commit: file.commit?.oid ?? null }
    : null;
}
