import type { Commit } from './git.ts';

/** Newest first by committer date, then by generation: the order in which git walks. */
function newer(a: Commit, b: Commit): number {
  return b.committer.date.getTime() - a.committer.date.getTime() || b.generation - a.generation;
}

/** Takes the first of a sorted list and puts others in their places. */
function insert(queue: Commit[], commit: Commit, order: (a: Commit, b: Commit) => number): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = queue[middle];
    if (there !== undefined && order(there, commit) <= 0) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, commit);
}

/**
 * The commits that lead to `head`, newest first. With `path`, those that changed that file, or a file below it, as
 * `git log -- path` simplifies history: where a parent has the same, only that parent is followed.
 */
export function* walkHistory(head: Commit, path?: string): Generator<Commit> {
  const seen = new Set<Commit>([head]);
  const queue = [head];
  for (let commit = queue.shift(); commit !== undefined; commit = queue.shift()) {
    const at = path === undefined ? undefined : contentAt(commit, path);
    const same = path === undefined ? undefined : commit.parents.find((parent) => contentAt(parent, path) === at);
    const changed = path === undefined || (commit.parents.length === 0 ? at !== '' : same === undefined);
    if (changed) yield commit;
    for (const parent of same === undefined ? commit.parents : [same]) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      insert(queue, parent, newer);
    }
  }
}

/** What there is at a path, a file or a folder, as something to compare; empty where there is nothing. */
function contentAt(commit: Commit, path: string): string {
  const file = commit.tree.get(path);
  if (file !== undefined) return file.sha;
  const below = `${path}/`;
  return [...commit.tree].flatMap(([name, blob]) => (name.startsWith(below) ? [`${name} ${blob.sha}`] : [])).join();
}

export interface Comparison {
  /** Commits of head that base has not, oldest first. */
  readonly ahead: readonly Commit[];
  readonly behind: number;
  readonly mergeBase: Commit | undefined;
}

/** How two commits lie to one another, as `git rev-list --left-right base...head` tells. */
export function compareCommits(base: Commit, head: Commit): Comparison {
  const BASE = 1;
  const HEAD = 2;
  const BOTH = BASE | HEAD;
  const marks = new Map<Commit, number>();
  const byGeneration = (a: Commit, b: Commit) => b.generation - a.generation;
  const queue: Commit[] = [];
  let unsettled = 0;
  const mark = (commit: Commit, side: number) => {
    const before = marks.get(commit);
    if (before === undefined) {
      insert(queue, commit, byGeneration);
      if (side !== BOTH) unsettled += 1;
    } else if (before !== BOTH && (before | side) === BOTH) {
      unsettled -= 1;
    }
    marks.set(commit, (before ?? 0) | side);
  };
  mark(base, BASE);
  mark(head, HEAD);
  const ahead: Commit[] = [];
  let behind = 0;
  let mergeBase: Commit | undefined;
  while (unsettled > 0 || mergeBase === undefined) {
    const commit = queue.shift();
    if (commit === undefined) break;
    const side = marks.get(commit) ?? 0;
    if (side === BOTH) mergeBase ??= commit;
    else unsettled -= 1;
    if (side === HEAD) ahead.push(commit);
    if (side === BASE) behind += 1;
    for (const parent of commit.parents) mark(parent, side);
  }
  return { ahead: ahead.reverse(), behind, mergeBase };
}

export function isAncestor(ancestor: Commit, descendant: Commit): boolean {
  const seen = new Set<Commit>();
  const stack = [descendant];
  for (let commit = stack.pop(); commit !== undefined; commit = stack.pop()) {
    if (commit === ancestor) return true;
    if (seen.has(commit) || commit.generation <= ancestor.generation) continue;
    seen.add(commit);
    stack.push(...commit.parents);
  }
  return false;
}
