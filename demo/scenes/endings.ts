import { newest, preview, release } from '../population.ts';
import { states, type Scene } from '../stage.ts';

const merged: Scene = {
  time: '11:30',
  title: 'The pull request is merged: its review environment goes with it',
  async play({ shop, pages, settle, check }) {
    const deployment = newest(shop, 'review/pr-3');
    pages.tell('#3 is merged into main, and its branch is deleted.');
    shop.pullRequest(3).merge({ method: 'squash', by: 'octocat', deleteBranch: true });
    await settle();
    const dispatch = shop.raw.dispatches.at(-1);
    const inputs = Object.entries(dispatch?.inputs ?? {}).map(([name, value]) => `${name}: ${String(value)}`);
    pages.tell('So that what was deployed goes too, teardown.yml runs on main with these inputs:');
    pages.quote(inputs.join('\n'));
    check('The preview has ended.', states(deployment), ['inactive']);
    check('The workflow that tears it down knows what to tear down.', dispatch?.inputs['environment'], 'review/pr-3');
    check('The environment is deleted.', shop.environments().includes('review/pr-3'), false);
  },
};

const released: Scene = {
  time: '11:45',
  title: 'Production is deployed, and nobody touches it',
  async play({ shop, pages, settle, check, changes }) {
    const before = newest(shop, 'production');
    pages.tell('main goes to production. The deployment of last week is still “success” as well.');
    const now = release(shop);
    await settle();
    check('Both stand: no rule speaks of production.', states(before, now), ['success', 'success']);
    check('Nothing was written.', changes(), 0);
  },
};

const deleted: Scene = {
  time: '13:10',
  title: 'A branch without a pull request is deleted',
  async play({ shop, pages, clock, settle, check }) {
    const environment = 'review/edge-cache';
    pages.tell('octocat tries something on a branch, spike/edge-cache, and looks at its preview.');
    shop.push({ branch: 'spike/edge-cache', files: { 'cache.ts': '// ?\n' } });
    const deployment = preview(shop, { ref: 'spike/edge-cache', environment });
    await settle();
    clock('13:40');
    pages.tell('It was not worth it: the branch is deleted.');
    shop.deleteBranch('spike/edge-cache');
    await settle();
    check('Its preview has ended.', states(deployment), ['inactive']);
    check('The environment is deleted.', shop.environments().includes(environment), false);
  },
};

/** How deployments end, and which do not. */
export const endings: readonly Scene[] = [merged, released, deleted];
