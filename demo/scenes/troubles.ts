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

/** What goes wrong, and what comes of it. */
export const troubles: readonly Scene[] = [stuck, lost];
