const PREFIX = 'Lockkeeper / ';

/** The name of the check run that says what the gates of an environment say of a commit. */
export function gateCheckName(environment: string): string {
  return `${PREFIX}${environment}`;
}

/**
 * What the `external_id` of such a check run begins with. An environment may be called `policy`: its check run has the name
 * of the one on pull requests that change the policy, in which others have much to say, and nothing else tells them apart.
 */
const MARK = 'gates:';

export function gateDigest(digest: string): string {
  return `${MARK}${digest}`;
}

export function isGateDigest(externalId: string): boolean {
  return externalId.startsWith(MARK);
}

/** Of the other reports' check runs. */
export function isReportDigest(externalId: string): boolean {
  return !isGateDigest(externalId);
}

/** The environment that a check run of this app is about, as it is spelled there; empty where it is about none. */
export function environmentOfCheck(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : '';
}
