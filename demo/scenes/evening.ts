import type { Scene } from '../stage.ts';

/** How things stand when everybody has gone home. */
export const evening: Scene = {
  time: '18:00',
  title: 'Evening: the last sweep of the day',
  async play({ shop, pages, sweep, check, changes, failures }) {
    pages.tell('Lockkeeper looks at everything once more.');
    await sweep();
    check('What is as the policy says gets no write.', changes(), 0);
    check('Nothing failed all day.', failures(), []);
    const active = shop.deployments().filter(({ state }) => state === 'success');
    check(
      'What still runs is what somebody wants.',
      active.map(({ environment }) => environment),
      ['review/pr-2', 'production', 'preview', 'production'],
    );
  },
};
