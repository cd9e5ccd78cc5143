import type { ProtectionKey } from '../changes/protection-change.ts';
import {
  readBranchPatterns,
  readCustomRules,
  readEnvironment,
  readSecretNames,
  readVariables,
  type EnvironmentSettings,
  type RuleApp,
} from '../github/environments.ts';
import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import type { Protection } from '../policy/schema.ts';
import { wantedKind } from './decide-settings.ts';
import { OWN_RULE } from './governed.ts';
import type { ProtectedEnvironment } from './snapshot.ts';

type Reader = Pick<GitHubReader, 'get'>;

/** An environment as the list shows it, with what its entry says. */
interface Listed {
  readonly name: string;
  readonly settings: EnvironmentSettings;
  readonly protection: Protection;
  readonly isCreated: boolean;
}

interface Question {
  readonly repository: RepositoryRef;
  readonly leftOut: Map<ProtectionKey, string>;
  /** This app's number; null: its own rule is nobody's business. */
  readonly appId: number | null;
}

/** So many environments are asked about at once. */
const AT_ONCE = 8;

/**
 * Reads what the list of environments does not show, where an entry names it: patterns, rules of apps, variables, names of
 * secrets. Environments that were deleted meanwhile are missing in the answer.
 * @throws GitHubError
 */
export async function observeParts(
  github: Reader,
  { environments, ...question }: Question & { readonly environments: readonly Listed[] },
): Promise<readonly ProtectedEnvironment[]> {
  const found: ProtectedEnvironment[] = [];
  for (let from = 0; from < environments.length; from += AT_ONCE) {
    const some = environments.slice(from, from + AT_ONCE).map((one) => observeOne(github, question, one));
    for (const one of await Promise.all(some)) if (one !== null) found.push(one);
  }
  return found;
}

/** Null where it is gone. */
async function observeOne(github: Reader, question: Question, listed: Listed): Promise<ProtectedEnvironment | null> {
  const { settings, protection } = listed;
  const asking: Asking = { ...question, environment: listed.name, isGone: false };
  const patterns = await readPart(github, asking, {
    key: 'deployment_branch_policy',
    isNamed: hasPatterns(settings, protection),
    read: readBranchPatterns,
  });
  const rules = await readPart(github, asking, {
    key: 'custom_rules',
    isNamed: (protection.custom_rules ?? []).length > 0,
    read: readCustomRules,
  });
  const variables = await readPart(github, asking, {
    key: 'variables',
    isNamed: Object.keys(protection.variables ?? {}).length > 0,
    read: readVariables,
  });
  const secrets = await readPart(github, asking, {
    key: 'required_secrets',
    isNamed: (protection.required_secrets ?? []).length > 0,
    read: readSecretNames,
  });
  if (asking.isGone) return null;
  const customRules = rules === null ? null : new Set(rules.flatMap((app) => namesOfRule(app, question.appId)));
  return { ...listed, exists: true, patterns, customRules, variables, secrets };
}

/** Patterns are there only while the environment has its own; those that are all to go are read to be told of. */
function hasPatterns({ branchPolicy }: EnvironmentSettings, protection: Protection): boolean {
  return branchPolicy === 'custom' && wantedKind(protection) !== null;
}

interface Asking extends Question {
  readonly environment: string;
  isGone: boolean;
}

/** Null where nobody asks, where it may not be read, and where the environment is gone. */
async function readPart<T>(
  github: Reader,
  asking: Asking,
  part: {
    readonly key: ProtectionKey;
    readonly isNamed: boolean;
    readonly read: (github: Reader, repository: RepositoryRef, environment: string) => Promise<T>;
  },
): Promise<T | null> {
  const { repository, environment, leftOut } = asking;
  const { key, isNamed, read } = part;
  if (!isNamed || asking.isGone || leftOut.has(key)) return null;
  try {
    return await read(github, repository, environment);
  } catch (error) {
    if (!(error instanceof GitHubError) || (error.kind !== 'forbidden' && error.kind !== 'not_found')) throw error;
    // An environment that is gone, and one whose plan has none of that, are both not found.
    if (error.kind === 'not_found' && (await readEnvironment(github, repository, environment)) === null) {
      asking.isGone = true;
    } else leftOut.set(key, error.message);
    return null;
  }
}

/** What a rule is known by: its app's slug in lower case, and that it is this app's own. */
export function namesOfRule({ id, slug }: RuleApp, appId: number | null): readonly string[] {
  return [slug.toLowerCase(), ...(id === appId ? [OWN_RULE] : [])];
}
