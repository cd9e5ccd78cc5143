import type { LoggedRequest, Simulator } from '../simulator/index.ts';

/** What the app wrote with a token that could have written more than that, as a person can read it. */
export function findTooMuchAuthority(github: Pick<Simulator, 'requests'>): readonly string[] {
  return github.requests
    .written()
    .filter((request) => !isNarrow(request))
    .map(({ operation, route, path, narrowed }) => `${operation ?? route ?? path} with ${JSON.stringify(narrowed)}`);
}

/** Good for one repository, and for writing one kind of thing there. */
function isNarrow({ narrowed }: LoggedRequest): boolean {
  if (narrowed === null) return false;
  const writable = Object.values(narrowed.permissions).filter((level) => level === 'write');
  return narrowed.repositories.length === 1 && writable.length === 1;
}
