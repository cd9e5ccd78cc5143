import { policy, POLICY_PATH } from '../policies.ts';
import { newest } from '../population.ts';
import { states, type Scene } from '../stage.ts';

const installed: Scene = {
  time: '08:30',
  title: 'The app is installed, and nothing changes',
  async play({ github, pages, settle, check, changes }) {
    pages.tell('acme installs Lockkeeper on all its repositories. acme/shop has no policy yet.');
    github.install({ owner: 'acme', repositories: 'all' });
    await settle();
    check('A repository without a policy is left alone.', changes(), 0);
  },
};

const tried: Scene = {
  time: '08:45',
  title: 'The team tries a policy out: mode: report',
  async play({ shop, pages, settle, check, changes }) {
    const text = policy({ mode: 'report', manual: 'inactivate_after: 14d' });
    pages.tell(`mona pushes ${POLICY_PATH}:`);
    pages.quote(text);
    shop.push({ files: { [POLICY_PATH]: text }, author: 'mona', message: 'Say how previews end' });
    await settle();
    check('Lockkeeper tells what it would do, and does not do it.', changes(), 0);
    check('The preview that got too old still stands.', states(newest(shop, 'review/pr-1')), ['success']);
  },
};

const enforced: Scene = {
  time: '09:00',
  title: 'They like what they read: mode: enforce',
  async play({ shop, pages, settle, check }) {
    pages.tell('mona changes one line of the policy and pushes.');
    const text = policy({ mode: 'enforce', manual: 'inactivate_after: 14d' });
    shop.push({ files: { [POLICY_PATH]: text }, author: 'mona', message: 'Mean it' });
    await settle();
    const old = newest(shop, 'review/pr-1');
    check('The preview of #1, untouched for 20 days, has ended.', states(old), ['inactive']);
    check(
      'Its status on GitHub names the rule.',
      old.statuses.at(-1)?.description,
      'No status for more than 2 weeks (inactivate_after)',
    );
    check('The preview of #2, as old, is kept by its label.', states(newest(shop, 'review/pr-2')), ['success']);
    check('The environment stays while its pull request is open.', shop.environments().includes('review/pr-1'));
  },
};

/** How a team gets to know it. */
export const tryOut: readonly Scene[] = [installed, tried, enforced];
