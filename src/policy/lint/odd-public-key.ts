import type { Finding } from '../diagnostics.ts';
import { publicKeyOddity } from '../public-key.ts';
import { warning, type LintContext } from './rule.ts';

/** Public keys that GitHub would refuse when they are to be created. */
export function oddPublicKey({ policy }: LintContext): readonly Finding[] {
  return (policy.deploy_keys?.allow ?? []).flatMap(({ key }, index) => {
    const oddity = key === undefined ? null : publicKeyOddity(key);
    return oddity === null ? [] : [warning('odd-public-key', ['deploy_keys', 'allow', index, 'key'], oddity)];
  });
}
