import { GitHubError, type GitHub } from '../../src/github/port.ts';
import { installationId } from '../../src/github/trusted.ts';

/** An environment as GitHub keeps it, and no more of it than protection is about. */
export interface ModelEnvironment {
  readonly waitTimer: number;
  readonly reviewers: readonly number[];
  readonly preventSelfReview: boolean;
  readonly branchPolicy: 'all' | 'protected' | 'custom';
  /** In the order they were made. */
  readonly patterns: readonly string[];
  readonly rules: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

export const BARE: ModelEnvironment = {
  waitTimer: 0,
  reviewers: [],
  preventSelfReview: false,
  branchPolicy: 'all',
  patterns: [],
  rules: [],
  variables: {},
};

export type World = Readonly<Record<string, ModelEnvironment>>;

export type Trouble = 'none' | 'lost before' | 'lost after' | 'unavailable';

/** A GitHub of environments alone, without a wire: for many runs. Users have the login `user-ID`. */
export interface ModelGitHub {
  readonly github: GitHub;
  /** The world at first, and after each write that was carried out. */
  readonly states: readonly World[];
  readonly writes: readonly string[];
  /** What becomes of the next writes, one after the other. */
  troubles: readonly Trouble[];
}

export const APPS: Readonly<Record<string, number>> = { datadog: 11, honeycomb: 12 };

type Parameters = Readonly<Record<string, unknown>>;

export function modelGitHub(start: World): ModelGitHub {
  const states: World[] = [start];
  const writes: string[] = [];
  const model = { states, writes, troubles: [] as readonly Trouble[] };
  // A pattern's number is that of its text, so that it survives being listed again.
  const numbers: string[] = [];
  const numberOf = (pattern: string): number => {
    if (!numbers.includes(pattern)) numbers.push(pattern);
    return numbers.indexOf(pattern) + 1;
  };
  const world = (): World => states.at(-1) ?? {};
  const named = ({ environment_name: name }: Parameters): ModelEnvironment => {
    const found = world()[String(name)];
    if (found === undefined) throw failure('not_found', 404);
    return found;
  };

  function read(route: string, parameters: Parameters): unknown {
    const path = route.replace(/^GET \/repos\/\{owner\}\/\{repo\}/, '');
    switch (path) {
      case '':
        return { private: false };
      case '/environments':
        return { environments: Object.entries(world()).map(([name, one]) => environmentData(name, one)) };
      case '/environments/{environment_name}':
        return environmentData(String(parameters['environment_name']), named(parameters));
      case '/environments/{environment_name}/deployment-branch-policies':
        return { branch_policies: named(parameters).patterns.map((text) => ({ id: numberOf(text), ...split(text) })) };
      case '/environments/{environment_name}/deployment_protection_rules':
        return {
          custom_deployment_protection_rules: named(parameters).rules.map((slug) => ({
            enabled: true,
            app: { id: APPS[slug], slug },
          })),
        };
      case '/environments/{environment_name}/deployment_protection_rules/apps':
        return {
          available_custom_deployment_protection_rule_integrations: Object.entries(APPS).map(([slug, id]) => ({
            id,
            slug,
          })),
        };
      case '/environments/{environment_name}/variables':
        return { variables: Object.entries(named(parameters).variables).map(([name, value]) => ({ name, value })) };
      case '/branches':
        return [{ name: 'main' }];
      case '/collaborators/{username}/permission': {
        const login = String(parameters['username']);
        return { permission: 'read', user: { id: Number(login.replace('user-', '')), login } };
      }
      default:
        throw new Error(`Not modelled: ${route}`);
    }
  }

  function change(route: string, parameters: Parameters): ModelEnvironment {
    const path = route.replace('/repos/{owner}/{repo}/environments/{environment_name}', '');
    if (path === 'PUT ') return put(world()[String(parameters['environment_name'])] ?? BARE, parameters);
    const one = named(parameters);
    const text = (key: string): string => String(parameters[key]);
    switch (path) {
      case 'POST /deployment-branch-policies': {
        if (one.branchPolicy !== 'custom') throw failure('not_found', 404);
        const pattern = `${text('type')}:${text('name')}`;
        return { ...one, patterns: [...new Set([...one.patterns, pattern])] };
      }
      case 'DELETE /deployment-branch-policies/{branch_policy_id}': {
        const gone = numbers[Number(parameters['branch_policy_id']) - 1];
        if (gone === undefined || !one.patterns.includes(gone)) throw failure('not_found', 404);
        return { ...one, patterns: one.patterns.filter((pattern) => pattern !== gone) };
      }
      case 'POST /deployment_protection_rules': {
        const slug = Object.keys(APPS).find((each) => APPS[each] === parameters['integration_id']);
        if (slug === undefined) throw failure('not_found', 404);
        if (one.rules.includes(slug)) throw failure('refused', 422);
        return { ...one, rules: [...one.rules, slug] };
      }
      case 'POST /variables':
        if (text('name') in one.variables) throw failure('refused', 409);
        return { ...one, variables: { ...one.variables, [text('name')]: text('value') } };
      case 'PATCH /variables/{name}':
        if (!(text('name') in one.variables)) throw failure('not_found', 404);
        return { ...one, variables: { ...one.variables, [text('name')]: text('value') } };
      default:
        throw new Error(`Not modelled: ${route}`);
    }
  }

  function send(route: string, parameters: Parameters): void {
    writes.push(route);
    const [trouble = 'none', ...rest] = model.troubles;
    model.troubles = rest;
    if (trouble === 'lost before') throw failure('lost', 502);
    if (trouble === 'unavailable') throw failure('limited', 403);
    states.push({ ...world(), [String(parameters['environment_name'])]: change(route, parameters) });
    if (trouble === 'lost after') throw failure('lost', null);
  }

  const github = {
    installation: installationId(1),
    get: (route: string, parameters: Parameters) => settled(() => read(route, parameters)),
    send: (route: string, parameters: Parameters) =>
      settled(() => {
        send(route, parameters);
      }),
    query: () => Promise.reject(new Error('No GraphQL here')),
    mutate: () => Promise.reject(new Error('No GraphQL here')),
  };
  return Object.assign(model, { github: github as unknown as GitHub });
}

/** The whole object: what is left out is taken away. */
function put(before: ModelEnvironment, body: Parameters): ModelEnvironment {
  const reviewers = ((body['reviewers'] ?? []) as readonly { readonly id: number }[]).map(({ id }) => id);
  const policy = (body['deployment_branch_policy'] ?? null) as { readonly protected_branches: boolean } | null;
  const branchPolicy = policy === null ? 'all' : policy.protected_branches ? 'protected' : 'custom';
  return {
    ...before,
    waitTimer: Number(body['wait_timer'] ?? 0),
    reviewers,
    preventSelfReview: reviewers.length > 0 && body['prevent_self_review'] === true,
    branchPolicy,
    patterns: branchPolicy === 'custom' ? before.patterns : [],
  };
}

function environmentData(name: string, one: ModelEnvironment): unknown {
  const { waitTimer, reviewers, preventSelfReview, branchPolicy } = one;
  return {
    name,
    protection_rules: [
      ...(waitTimer === 0 ? [] : [{ type: 'wait_timer', wait_timer: waitTimer }]),
      ...(reviewers.length === 0
        ? []
        : [
            {
              type: 'required_reviewers',
              prevent_self_review: preventSelfReview,
              reviewers: reviewers.map((id) => ({ type: 'User', reviewer: { id, login: `user-${id}` } })),
            },
          ]),
    ],
    deployment_branch_policy:
      branchPolicy === 'all'
        ? null
        : { protected_branches: branchPolicy === 'protected', custom_branch_policies: branchPolicy === 'custom' },
  };
}

/** `tag:v*` */
function split(pattern: string): { readonly type: string; readonly name: string } {
  const [type = '', ...name] = pattern.split(':');
  return { type, name: name.join(':') };
}

async function settled<T>(run: () => T): Promise<T> {
  await Promise.resolve();
  return run();
}

function failure(kind: GitHubError['kind'], status: number | null): GitHubError {
  return new GitHubError({ kind, status, operation: 'the model', message: kind });
}
