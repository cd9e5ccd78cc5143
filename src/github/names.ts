import { z } from 'zod';

/*
 * Names as GitHub allows them. What becomes part of an address is checked by these: a name of dots, or one with a slash,
 * would lead it elsewhere.
 */

/** Logins of people and organisations; the underscore belongs to managed users. */
export const login = z.string().regex(/^[\w-]{1,100}$/);

export const repositoryName = z.string().regex(/^(?!\.{1,2}$)[\w.-]{1,100}$/);

/** Half a character cannot become part of an address, and no name of GitHub's has one. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

export const environmentName = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => !/^\.{1,2}$/.test(name) && isWellFormed(name));

/** A branch, a tag, a commit or a `refs/…`, as somebody wrote it. Git's own limit is far below. */
export const refName = z.string().min(1).max(1024).refine(isWellFormed);

/** Whoever does something: people, organisations, and the bots of apps. */
export const actorLogin = z.string().regex(/^[\w-]{1,100}(?:\[bot\])?$/);

/** A whole commit hash. */
export const commitHash = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
