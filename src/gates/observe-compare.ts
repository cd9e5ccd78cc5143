import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import { matchesText } from '../policy/match.ts';
import { known, unreadable } from './read-fact.ts';
import { unreadableError } from './observe-more.ts';
import type { CandidateFacts, Fact } from './snapshot.ts';

/** How one commit lies to another, asked at most once each. */
export type Compare = (base: string, head: CommitSha) => Promise<Fact<Relation>>;

/** Of the head to the base; `gone`: GitHub has no such comparison. */
export type Relation = 'identical' | 'ahead' | 'behind' | 'diverged' | 'gone';

const RELATIONS: ReadonlySet<string> = new Set<Relation>(['identical', 'ahead', 'behind', 'diverged']);

/** @see https://docs.github.com/en/rest/commits/commits#compare-two-commits */
export function createCompare(github: Pick<GitHubReader, 'get'>, repository: RepositoryRef): Compare {
  const asked = new Map<string, Promise<Fact<Relation>>>();
  const ask = async (basehead: string): Promise<Fact<Relation>> => {
    try {
      const { status } = await github.get('GET /repos/{owner}/{repo}/compare/{basehead}', {
        owner: repository.owner,
        repo: repository.name,
        basehead,
        per_page: 1,
      });
      return RELATIONS.has(status) ? known(status) : unreadable('GitHub’s comparison has not the promised shape');
    } catch (error) {
      if (error instanceof GitHubError && error.kind === 'not_found') return known('gone');
      return unreadableError(error);
    }
  };
  return (base, head) => {
    const basehead = `${base}...${head}`;
    const known = asked.get(basehead) ?? ask(basehead);
    asked.set(basehead, known);
    return known;
  };
}

const ANCESTRY = {
  identical: 'same',
  ahead: 'descendant',
  behind: 'ancestor',
  diverged: 'diverged',
  gone: 'active_gone',
} as const;

/** How a commit lies to the active one; null: nothing is active. */
export async function observeAncestry(
  compare: Compare,
  sha: CommitSha,
  active: Fact<{ readonly sha: CommitSha; readonly commitIsGone: boolean } | null>,
): Promise<CandidateFacts['ancestry']> {
  if (active.kind === 'unreadable') return active;
  if (active.value === null) return known('nothing_active');
  if (active.value.sha === sha) return known('same');
  if (active.value.commitIsGone) return known('active_gone');
  const relation = await compare(active.value.sha, sha);
  return relation.kind === 'unreadable' ? relation : known(ANCESTRY[relation.value]);
}

/** A branch and the commit that it points at. */
export interface Branch {
  readonly name: string;
  readonly oid: string;
}

/** More branches than this are not looked into: a pattern that matches so many says little. */
const MOST_BRANCHES = 20;

/**
 * Which of some branches contain a commit: looked for until one does for each gate, by the gate's patterns. Branches that
 * could not all be listed, or looked into, make it unreadable unless others are enough for every gate.
 */
export async function observeContaining(
  compare: Compare,
  sha: CommitSha,
  {
    branches,
    gates,
  }: {
    readonly branches: Fact<{ readonly items: readonly Branch[]; readonly isWhole: boolean }>;
    readonly gates: readonly (readonly string[])[];
  },
): Promise<Fact<readonly string[]>> {
  if (branches.kind === 'unreadable') return branches;
  const { items, isWhole } = branches.value;
  let open: Fact<readonly string[]> | null = isWhole ? null : unreadable('more branches match than are read');
  const found: string[] = [];
  for (const [index, { name, oid }] of items.entries()) {
    if (oid !== sha && index >= MOST_BRANCHES) {
      open ??= unreadable(`more than ${MOST_BRANCHES} branches match`);
      continue;
    }
    const relation = oid === sha ? known('identical' as const) : await compare(oid, sha);
    if (relation.kind === 'unreadable') open ??= relation;
    else if (relation.value === 'behind' || relation.value === 'identical') found.push(name);
    if (gates.every((patterns) => found.some((one) => matchesText(patterns, one)))) return known(found);
  }
  return open ?? known(found);
}
