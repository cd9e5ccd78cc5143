import { grants } from '../state/installations.ts';
import type { Account } from '../state/model.ts';
import { notAccessible, notFound, requiresAuthentication } from './problem.ts';
import { textParam, type Call, type Reply, type Route } from './route.ts';

/** A route that any token may ask. */
export function withToken(template: string, run: (call: Call) => Reply): Route {
  return {
    template,
    run: (call) => {
      if (call.token === null) throw requiresAuthentication();
      return run(call);
    },
  };
}

/** What an installation needs `members: read` in that organisation for; people see it all here. */
export function ofMembers(template: string, run: (call: Call) => Reply): Route {
  return withToken(template, (call) => {
    const { token } = call;
    if (token?.kind !== 'installation') return run(call);
    if (!sameLogin(token.installation.account, textParam(call, 'org'))) throw notFound();
    const need = { permission: 'members', level: 'read' };
    if (!grants(token.permissions, need) || !grants(token.installation.permissions, need)) throw notAccessible();
    return run(call);
  });
}

export const sameLogin = (account: Account, login: string) => account.login.toLowerCase() === login.toLowerCase();

/** @throws HttpProblem 404 for a login that nobody has. */
export function accountNamed(call: Call, parameter: string): Account {
  const account = call.world.accounts.get(textParam(call, parameter).toLowerCase());
  if (account === undefined) throw notFound();
  return account;
}
