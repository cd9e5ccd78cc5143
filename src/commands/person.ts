import type { RepositoryRef } from '../github/ids.ts';
import { connectPerson } from '../github/person.ts';
import { GitHubError, type GitHub } from '../github/port.ts';
import { repositoryId } from '../github/trusted.ts';
import type { Environment } from '../settings.ts';
import { CommandFailure, EXIT } from './exit-code.ts';

/** A repository as a person's token sees it. */
export interface SeenRepository {
  readonly github: GitHub;
  readonly repository: RepositoryRef;
  readonly isArchived: boolean;
}

/**
 * Connects as the environment says and looks the repository up by its name, or by one that it had.
 * @throws CommandFailure where a variable is missing or unusable
 * @throws GitHubError
 */
export async function openRepository(name: string, environment: Environment): Promise<SeenRepository> {
  const github = connectPerson(readConnection(environment));
  const [owner = '', repo = ''] = name.split('/');
  try {
    const found = await github.get('GET /repos/{owner}/{repo}', { owner, repo });
    const repository = { id: repositoryId(found.id), owner: found.owner.login, name: found.name };
    return { github, repository, isArchived: found.archived };
  } catch (error) {
    if (!(error instanceof GitHubError) || error.kind !== 'not_found') throw error;
    throw new CommandFailure(EXIT.github, `GitHub has no repository ${name}, or the token may not see it.`);
  }
}

function readConnection(environment: Environment): Parameters<typeof connectPerson>[0] {
  const token = environment['GITHUB_TOKEN']?.trim() ?? '';
  if (token === '') throw new CommandFailure(EXIT.usage, 'GITHUB_TOKEN is missing: set it to a token of yours.');
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CommandFailure(
      EXIT.usage,
      'GITHUB_TOKEN is no token: it has a space, a line break or a letter with an accent.',
    );
  }
  const baseUrl = apiUrl(environment);
  if (!isPlainUrl(baseUrl)) {
    throw new CommandFailure(
      EXIT.usage,
      'GITHUB_API_URL must be a URL such as https://github.example.com/api/v3, without a password or a query.',
    );
  }
  return { token, baseUrl, pacing: environment['GITHUB_PACING'] === 'off' ? 'none' : 'github' };
}

function apiUrl(environment: Environment): string {
  return (environment['GITHUB_API_URL']?.trim() || 'https://api.github.com').replace(/\/+$/, '');
}

/** Whether there is nothing in it that must not be shown: it is named where GitHub cannot be reached. */
function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' && !/[?#@\s]/.test(text);
}

/** Turns what GitHub did not do into one line for people; everything else is thrown on. */
export async function tellingFailures<T>(environment: Environment, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    throw githubFailure(error, environment);
  }
}

/** A failure of one line: the operation, and GitHub's words where it had any. */
export function githubFailure(error: GitHubError, environment: Environment): CommandFailure {
  return new CommandFailure(EXIT.github, describeGitHubError(error, apiUrl(environment)));
}

function describeGitHubError(error: GitHubError, url: string): string {
  const { kind, message } = error;
  switch (kind) {
    case 'unauthorized':
      return `GitHub refused the token in GITHUB_TOKEN. ${message}`;
    case 'forbidden':
      return `GitHub does not let this token do that. ${message}`;
    case 'limited':
      return `GitHub's rate limit is used up${untilWhen(error)}. ${message}`;
    case 'unavailable':
    case 'lost':
      return `GitHub could not be reached at ${url}. ${message}`;
    case 'not_found':
      return `GitHub has no such thing, or the token may not see it. ${message}`;
    case 'refused':
      return `GitHub refused a request. ${message}`;
  }
}

function untilWhen({ retryAfter }: GitHubError): string {
  return retryAfter === null ? '' : `, for ${Math.ceil(retryAfter / 60_000)} more minutes`;
}
