import { policy, POLICY_PATH } from '../policies.ts';
import { build, newest, preview } from '../population.ts';
import { states, type Scene } from '../stage.ts';

const stuck: Scene = {
  time: '13:50',
  title: 'A build gets stuck',
  async play({ shop, pages, clock, settle, sweep, check }) {
    pages.tell('A new build of #2 starts, and its runner is lost. Nobody will ever report a status again.');
    const running = newest(shop, 'review/pr-2');
    const lost = build(shop, { ref: 'checkout', environment: 'review/pr-2' });
    await settle();
    clock('16:00');
    pages.tell('Two hours later the sweep comes by. It looks at every repository each quarter of an hour.');
    await sweep();
    check('The build is set to “error”, as the policy says for 2 hours without a status.', states(lost), ['error']);
    check('The preview that runs there is not touched.', states(running), ['success']);
  },
};

const lost: Scene = {
  time: '16:10',
  title: 'A webhook is lost',
  async play({ github, shop, pages, settle, stopServer, startServer, check }) {
    pages.tell('hubot opens #5; its preview goes live.');
    const pull = shop.openPullRequest({ head: 'coupons', title: 'Coupons', author: 'hubot' });
    const deployment = preview(shop, { ref: 'coupons', environment: 'review/pr-5' });
    await settle();
    pages.tell('The server goes down for an update. In that minute #5 is closed; GitHub does not deliver twice.');
    await stopServer();
    pull.close();
    await github.delivered();
    check('Nobody took the delivery.', github.deliveries.at(-1)?.status, null);
    pages.tell('The new server knows nothing. It sweeps at start.');
    await startServer();
    check('What was missed is mended.', states(deployment), ['inactive']);
  },
};

const held: Scene = {
  time: '17:00',
  title: 'A policy change would end two dozen deployments at once',
  async play({ shop, pages, clock, settle, sweep, check, changes }) {
    const manual = shop.deployments('manual');
    pages.tell('octocat shortens the life of the manual’s previews from 14 days to 2. All 24 are older.');
    const text = policy({ mode: 'enforce', manualStays: '2d' });
    shop.push({ files: { [POLICY_PATH]: text }, message: 'Tidy up the manual' });
    await settle();
    check('The change waits for a sweep: time to notice a slip.', changes(), 0);
    clock('17:15');
    pages.tell('A quarter of an hour later nobody has objected.');
    await sweep();
    check('All 24 have ended.', new Set(states(...manual)), new Set(['inactive']));
    check('That took two writes: GitHub takes twenty statuses at once.', changes(), 2);
  },
};

const evening: Scene = {
  time: '18:00',
  title: 'Evening: the last sweep of the day',
  async play({ shop, pages, sweep, check, changes }) {
    pages.tell('Lockkeeper looks at everything once more.');
    await sweep();
    check('What is as the policy says gets no write.', changes(), 0);
    const active = shop.deployments().filter(({ state }) => state === 'success');
    check(
      'What still runs is what somebody wants.',
      active.map(({ environment }) => environment),
      ['review/pr-2', 'production', 'preview', 'production'],
    );
  },
};

/** What goes wrong, and what comes of it. */
export const troubles: readonly Scene[] = [stuck, lost, held, evening];
