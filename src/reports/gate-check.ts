const PREFIX = 'Lockkeeper / ';

/** The name of the check run that says what the gates of an environment say of a commit. */
export function gateCheckName(environment: string): string {
  return `${PREFIX}${environment}`;
}

/** The environment that a check run of this app is about, as it is spelled there; empty where it is about none. */
export function environmentOfCheck(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : '';
}
