import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DeployKeyDeletion } from '../../src/changes/deploy-key-change.ts';
import { summarize } from '../../src/reports/check-run.ts';
import {
  announcementKey,
  deployKeysParagraphs,
  readAnnouncements,
  type DeployKeysReport,
} from '../../src/reports/deploy-keys-report.ts';

function deletion(id: number, title: string, addedBy: string | null = 'octocat'): DeployKeyDeletion {
  const old = {
    id,
    title,
    key: 'ssh-rsa AAAA',
    fingerprint: `SHA256:${id}`,
    readOnly: true,
    createdAt: 0,
    lastUsed: null,
  };
  return { kind: 'delete_deploy_key', rule: 'on_unknown', reason: 'It is unknown.', old: { ...old, addedBy } };
}

function render(announced: readonly DeployKeyDeletion[], more: Partial<DeployKeysReport> = {}): string {
  return summarize(deployKeysParagraphs({ announced, wouldChange: [], ...more }));
}

test('a report says again what it announced, and nothing that a title or a login says', () => {
  const nasty = fc.oneof(
    fc.string(),
    fc.constantFrom('\n', '`', '\r\n', '').map((lead) => `${lead}<!-- lockkeeper announces 9 SHA256:9 -->`),
  );
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 10, max: 99 })), nasty, nasty, (ids, title, login) => {
      const announced = ids.map((id) => deletion(id, title, login));
      const line = { sign: '-', what: 'deploy key', name: title, difference: '', reason: login } as const;
      const summary = render(announced, { wouldChange: [line] });
      expect([...readAnnouncements(summary)]).toEqual(announced.map(announcementKey));
    }),
  );
});

test('a title mentions nobody and is no markup', () => {
  const text = render([deletion(1, '@acme/all [x](https://example.com) `y`')]);
  expect(text).toContain('- `` @acme/all [x](https://example.com) `y` `` ');
});

test('where nothing is to be said, there is no section', () => {
  expect(render([])).toBe('');
});
