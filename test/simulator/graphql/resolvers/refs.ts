import { commitOf } from '../../state/git.ts';
import type { Repository } from '../../state/model.ts';
import { nodeId } from '../../state/accounts.ts';
import { connect } from '../connection.ts';
import { need, type Args, type Fields } from '../context.ts';
import { commitView, refNodeId, type RefView } from '../objects.ts';
import { connectPullRequests } from './pull-requests.ts';

/** `refs/heads/` and the like, and what follows it. */
function partsOf(name: string): readonly [prefix: string, rest: string] {
  const [, prefix = '', rest = ''] = /^(refs\/[^/]+\/)(.*)$/.exec(name) ?? [];
  return [prefix, rest];
}

export const refFields: Fields<RefView> = {
  id: (view) => refNodeId(view),
  name: ({ name }) => partsOf(name)[1],
  prefix: ({ name }) => partsOf(name)[0],
  repository: ({ repository }) => repository,
  target: ({ repository, name }) => commitView(repository, repository.git.refs.get(name)),
  branchProtectionRule: (view) => ruleOf(view),
  refUpdateRule: (view) => updateRuleOf(view),
  associatedPullRequests: ({ repository, name }, args, context) => {
    need(context, repository, 'pull_requests');
    const [prefix, branch] = partsOf(name);
    const own = repository.pullRequests.filter(
      (pull) => prefix === 'refs/heads/' && pull.headRepository === repository && pull.headBranch === branch,
    );
    return connectPullRequests(own, args);
  },
};

interface BranchRule {
  readonly kind: 'BranchProtectionRule';
  readonly repository: Repository;
  readonly pattern: string;
}

function ruleOf({ repository, name }: RefView): BranchRule | null {
  const [prefix, branch] = partsOf(name);
  const isProtected = prefix === 'refs/heads/' && repository.protectedBranches.has(branch);
  return isProtected ? { kind: 'BranchProtectionRule', repository, pattern: branch } : null;
}

/** What of the same rule is seen without administration rights. */
function updateRuleOf(view: RefView) {
  const rule = ruleOf(view);
  return rule === null ? null : ({ ...rule, kind: 'RefUpdateRule' } as const);
}

export function branchRules(repository: Repository, args: Args) {
  const rules = [...repository.protectedBranches].sort().map((pattern): BranchRule => {
    return { kind: 'BranchProtectionRule', repository, pattern };
  });
  return connect(rules, args, { keyOf: ({ pattern }) => [pattern] });
}

export const branchRuleFields: Fields<BranchRule> = {
  id: ({ repository, pattern }) => nodeId('BPR', `${repository.id}:${pattern}`),
  pattern: ({ pattern }) => pattern,
  repository: ({ repository }) => repository,
  allowsDeletions: () => false,
  allowsForcePushes: () => false,
  isAdminEnforced: () => false,
};

export const refUpdateRuleFields: Fields<{ readonly pattern: string }> = {
  pattern: ({ pattern }) => pattern,
  allowsDeletions: () => false,
  allowsForcePushes: () => false,
};

/** Branches or tags in the order of their names, or of their commits' dates. */
export function connectRefs(repository: Repository, args: Args) {
  const prefix = String(args['refPrefix']).replace(/\/?$/, '/');
  const query = typeof args['query'] === 'string' ? args['query'].toLowerCase() : '';
  const order = args['orderBy'] as { readonly field: string; readonly direction: string } | null | undefined;
  const descending = (order?.direction ?? args['direction'] ?? 'ASC') === 'DESC';
  const dated = order?.field === 'TAG_COMMIT_DATE';
  const keyOf = ({ name }: RefView) =>
    dated ? [commitOf(repository.git, name)?.committer.date.getTime() ?? 0, name] : [name];
  const views = [...repository.git.refs.keys()]
    .filter((name) => name.startsWith(prefix) && name.slice(prefix.length).toLowerCase().includes(query))
    .map((name): RefView => ({ kind: 'Ref', repository, name }))
    .sort((a, b) => (descending ? -1 : 1) * compare(keyOf(a), keyOf(b)));
  return connect(views, args, { keyOf, descending });
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? '';
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
