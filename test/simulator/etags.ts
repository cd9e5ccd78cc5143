import { createHash } from 'node:crypto';

/** GitHub's ETags differ from token to token: what one token was answered says nothing to another. */
export function etagOf(body: string, token: string): string {
  return `W/"${createHash('sha256').update(token).update('\0').update(body).digest('hex')}"`;
}

/** Whether a request's If-None-Match names this ETag. */
export function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const strong = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => strong(tag) === strong(etag));
}
