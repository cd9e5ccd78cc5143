import { build, finish, newest, preview } from '../population.ts';
import { states, type Scene } from '../stage.ts';

const ENVIRONMENT = 'review/pr-3';

const opened: Scene = {
  time: '09:20',
  title: 'A pull request is opened, and its preview is built',
  async play({ shop, pages, settle, check, changes }) {
    pages.tell('mona opens #3 “Search as you type”. Its preview is built and goes live.');
    shop.openPullRequest({ head: 'search', title: 'Search as you type', author: 'mona' });
    preview(shop, { ref: 'search', environment: ENVIRONMENT });
    await settle();
    check('The preview runs.', states(newest(shop, ENVIRONMENT)), ['success']);
    check('Nothing was written.', changes(), 0);
  },
};

const superseded: Scene = {
  time: '10:05',
  title: 'Three pushes in a row, and the builds end out of order',
  async play({ shop, pages, settle, check }) {
    const first = newest(shop, ENVIRONMENT);
    const pull = shop.pullRequest(3);
    const builds = [1, 2, 3].map((number) => {
      pull.push({ files: { 'search.ts': `// ${number}\n` }, author: 'mona' });
      return build(shop, { ref: 'search', environment: ENVIRONMENT });
    });
    const [one, two, three] = builds;
    if (one === undefined || two === undefined || three === undefined) return;
    pages.tell('mona pushes three times. The first build fails, the third is done before the second.');
    one.setStatus('failure', { creator: 'builder[bot]' });
    await settle();
    check('A build that failed supersedes nothing.', states(first), ['success']);
    finish(three);
    await settle();
    finish(two);
    await settle();
    check('One preview is left, of the newest commit.', states(first, one, two, three), [
      'inactive',
      'failure',
      'inactive',
      'success',
    ]);
  },
};

const forced: Scene = {
  time: '10:40',
  title: 'A force push, and a pull request that is closed without a merge',
  async play({ shop, pages, clock, settle, check }) {
    pages.tell('hubot opens #4 and has its commit deployed to the shared environment “preview”.');
    const pull = shop.openPullRequest({ head: 'bundler', title: 'Another bundler', author: 'hubot' });
    const before = preview(shop, { ref: pull.headSha, environment: 'preview' });
    const others = preview(shop, { ref: shop.head('checkout').sha, environment: 'preview' });
    clock('10:55');
    pages.tell('A force push replaces that commit. Then hubot gives up and closes #4.');
    pull.forcePush({ files: { 'bundler.txt': 'once more\n' }, author: 'hubot' });
    pull.close();
    await settle();
    check('The replaced commit, which GitHub lists under no pull request now, was found.', states(before), [
      'inactive',
    ]);
    check('The deployment of #2 in the same environment runs on.', states(others), ['success']);
  },
};

/** What happens to previews while people work. */
export const previews: readonly Scene[] = [opened, superseded, forced];
