import type { GitHubError } from '../github/port.ts';

/** GitHub said no, and will again. */
export function isFinal({ kind }: Pick<GitHubError, 'kind'>): boolean {
  return kind === 'refused' || kind === 'forbidden' || kind === 'not_found';
}
