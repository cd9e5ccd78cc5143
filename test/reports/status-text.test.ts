import { describe, expect, test } from '@jest/globals';
import { describeEnding, MOST_DESCRIPTION } from '../../src/reports/status-text.ts';

const by = {
  oneActivePer: 'pull_request',
  inactivateAfter: 14 * 86_400_000,
  failStuckAfter: 5_400_000,
  deleteAfter: null,
};
const feature = { ref: { name: 'feature' }, pullRequests: [{ number: 7 }] };

describe('the description of a status', () => {
  test.each([
    ['pull_request_closed', feature, 'Pull request #7 is closed (inactivate_on: pull_request_closed)'],
    [
      'pull_request_closed',
      { ...feature, pullRequests: [{ number: 7 }, { number: 9 }] },
      'Pull requests #7, #9 are closed (inactivate_on: pull_request_closed)',
    ],
    ['ref_deleted', feature, 'Ref feature is gone (inactivate_on: ref_deleted)'],
    [
      'ref_deleted',
      { ...feature, ref: { name: 'a\u202e\u001b[2Jb' } },
      'Ref a\\u{202e}\\u{1b}[2Jb is gone (inactivate_on: ref_deleted)',
    ],
    ['inactivate_after', feature, 'No status for more than 2 weeks (inactivate_after)'],
    [
      'one_active_per',
      feature,
      'Superseded by a newer deployment of the same pull request (one_active_per: pull_request)',
    ],
    ['fail_stuck_after', feature, 'Stuck without a status for more than 90 minutes (fail_stuck_after)'],
  ] as const)('of %s for %j', (rule, deployment, expected) => {
    expect(describeEnding({ rule, deployment, by, successor: null }).description).toBe(expected);
  });

  test('keeps within GitHub’s limit and keeps the rule, however long the branch is called', () => {
    for (const name of ['x'.repeat(250), '🚀'.repeat(120)]) {
      const { description } = describeEnding({
        rule: 'ref_deleted',
        deployment: { ref: { name }, pullRequests: [] },
        by,
        successor: null,
      });
      expect(description.length).toBeLessThanOrEqual(MOST_DESCRIPTION);
      expect(description).toMatch(/… \(inactivate_on: ref_deleted\)$/);
      expect(Buffer.from(description).toString()).toBe(description);
    }
  });

  test('the reason names the deployment that took its place', () => {
    const { reason } = describeEnding({ rule: 'one_active_per', deployment: feature, by, successor: { id: 42 } });
    expect(reason).toBe('Superseded by the newer deployment 42 of the same pull request.');
  });
});
