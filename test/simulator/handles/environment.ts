import type { App, Environment, Repository, Reviewer } from '../state/model.ts';
import { deleteEnvironment, ensureEnvironment } from '../state/environments.ts';
import { account, addApp } from '../state/accounts.ts';
import type { World } from '../state/world.ts';

export interface Protection {
  /** Minutes. */
  readonly waitTimer?: number;
  /** `@acme/sre` is a team, anything else a person. */
  readonly reviewers?: readonly string[];
  readonly preventSelfReview?: boolean;
  /** Patterns; a tag's begins with `tag:`. */
  readonly branches?: 'all' | 'protected' | readonly string[];
  /** Slugs of apps whose rules are enabled. */
  readonly rules?: readonly string[];
}

export interface EnvironmentHandle {
  readonly id: number;
  readonly name: string;
  readonly exists: boolean;
  readonly raw: Environment;
  /** As it is now, in the form that `protect` takes. */
  readonly protection: Required<Protection>;
  readonly variables: Readonly<Record<string, string>>;
  /** Changes what is named and leaves the rest. */
  protect(protection: Protection): void;
  setVariable(name: string, value: string): void;
  addSecret(name: string): void;
  delete(): void;
}

/** The environment of that name, made where it is missing. */
export function environmentHandle(world: World, repository: Repository, name: string): EnvironmentHandle {
  const environment = ensureEnvironment(world, repository, name);
  return {
    id: environment.id,
    name: environment.name,
    raw: environment,
    get exists() {
      return repository.environments.get(name.toLowerCase()) === environment;
    },
    get protection() {
      return protectionOf(environment);
    },
    get variables() {
      return Object.fromEntries([...environment.variables.values()].map((each) => [each.name, each.value]));
    },
    protect: (protection) => {
      protect(world, environment, protection);
    },
    setVariable(variable, value) {
      const now = world.clock.now();
      const key = variable.toUpperCase();
      environment.variables.set(key, { name: key, value, createdAt: now, updatedAt: now });
    },
    delete: () => {
      deleteEnvironment(world, environment);
    },
    addSecret(secret) {
      const now = world.clock.now();
      environment.secrets.set(secret.toUpperCase(), { name: secret.toUpperCase(), createdAt: now, updatedAt: now });
    },
  };
}

function protectionOf(environment: Environment): Required<Protection> {
  const { branchPolicy, branchPatterns, review } = environment;
  const patterns = [...branchPatterns.values()].map(({ type, name }) => (type === 'tag' ? `tag:${name}` : name));
  return {
    waitTimer: environment.waitTimer?.minutes ?? 0,
    reviewers: (review?.reviewers ?? []).map((each) =>
      each.kind === 'Team' ? `@${each.organization.login}/${each.slug}` : each.login,
    ),
    preventSelfReview: review?.preventSelfReview ?? false,
    branches: branchPolicy === null ? 'all' : branchPolicy.kind === 'protected' ? 'protected' : patterns,
    rules: [...environment.customRules.values()].filter(({ enabled }) => enabled).map(({ app }) => app.slug),
  };
}

function protect(world: World, environment: Environment, protection: Protection): void {
  const id = () => world.nextId('rule');
  const { waitTimer, reviewers, preventSelfReview, branches, rules } = protection;
  if (waitTimer !== undefined) environment.waitTimer = waitTimer === 0 ? null : { id: id(), minutes: waitTimer };
  if (reviewers !== undefined || preventSelfReview !== undefined) {
    const list = reviewers?.map((each) => reviewerNamed(world, each)) ?? environment.review?.reviewers ?? [];
    const prevents = preventSelfReview ?? environment.review?.preventSelfReview ?? false;
    environment.review = list.length === 0 ? null : { id: id(), preventSelfReview: prevents, reviewers: list };
  }
  if (branches !== undefined) setBranches(environment, branches, id);
  if (rules !== undefined) {
    environment.customRules.clear();
    for (const app of rules.map((slug): App => addApp(world, { slug }))) {
      const rule = { id: id(), app, enabled: true };
      environment.customRules.set(rule.id, rule);
    }
  }
}

function setBranches(environment: Environment, branches: NonNullable<Protection['branches']>, id: () => number): void {
  environment.branchPatterns.clear();
  if (branches === 'all') {
    environment.branchPolicy = null;
    return;
  }
  environment.branchPolicy = { id: id(), kind: branches === 'protected' ? 'protected' : 'custom' };
  if (branches === 'protected') return;
  for (const text of branches) {
    const isTag = text.startsWith('tag:');
    const pattern = { id: id(), name: isTag ? text.slice(4) : text, type: isTag ? 'tag' : 'branch' } as const;
    environment.branchPatterns.set(pattern.id, pattern);
  }
}

function reviewerNamed(world: World, name: string): Reviewer {
  if (!name.startsWith('@')) return account(world, name);
  const team = world.teams.get(name.slice(1).toLowerCase());
  if (team === undefined) throw new Error(`There is no team ${name}`);
  return team;
}
