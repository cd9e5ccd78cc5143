import { expect, test } from '@jest/globals';
import { fingerprintOf } from '../../src/deploy-keys/fingerprint.ts';

/** GitHub's own host key, and the fingerprint that GitHub publishes for it: https://api.github.com/meta */
const GITHUB = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';

test.each([GITHUB, `${GITHUB} a comment`, `  ${GITHUB.replace(' ', '\t')}\n`])(
  'a fingerprint is the one that ssh-keygen prints, whatever the comment',
  (key) => {
    expect(fingerprintOf(key)).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
  },
);
