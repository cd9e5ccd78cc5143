import type { PullRequestHandle, RepositoryHandle } from '../../test/simulator/index.ts';
import type { Pages } from '../pages.ts';
import { policy, POLICY_PATH } from '../policies.ts';
import { states, type Scene } from '../stage.ts';

const BRANCH = 'tidy-manual';

function propose(shop: RepositoryHandle, manual: string): void {
  shop.push({ branch: BRANCH, files: { [POLICY_PATH]: policy({ mode: 'enforce', manual }) }, author: 'octocat' });
}

/** The check run on a pull request that changes the policy, as GitHub shows it. */
function report(shop: RepositoryHandle, pull: PullRequestHandle) {
  const run = shop.checkRuns(pull.headSha).find(({ name }) => name === 'Lockkeeper / policy');
  const { output, annotations } = run?.raw ?? { output: null, annotations: [] };
  return {
    conclusion: run?.conclusion ?? null,
    title: output?.title ?? '',
    summary: output?.summary ?? '',
    lines: annotations.map((annotation) => `${POLICY_PATH}:${annotation.start_line} ${annotation.message}`),
  };
}

/** The plan's first lines, as GitHub shows them. */
function quotePlan(pages: Pages, summary: string): void {
  const lines = summary.split('\n').filter((line) => line.startsWith('- `'));
  const shown = lines.slice(0, 3).map((line) => unescape(line.slice(2)));
  pages.quote([...shown, `… and ${lines.length - shown.length} more`].join('\n'));
}

/** Markdown that says nothing but text, as the text that it is. */
function unescape(markdown: string): string {
  return markdown.replaceAll('`', '').replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

const proposed: Scene = {
  time: '16:40',
  title: 'A change of the policy is proposed',
  async play({ shop, pages, settle, check, changes }) {
    pages.tell('octocat opens #6: the manual’s previews are to live 2 days, not 14. It has a typo.');
    propose(shop, 'inactivate_aftr: 2d');
    const pull = shop.openPullRequest({ head: BRANCH, title: 'Tidy up the manual', author: 'octocat' });
    await settle();
    const wrong = report(shop, pull);
    pages.quote(wrong.lines.join('\n'));
    check('The check run on the pull request points at the line.', wrong.conclusion, 'failure');
    pages.tell('octocat mends it. Now the check run says what merging it would do:');
    propose(shop, 'inactivate_after: 2d');
    await settle();
    const right = report(shop, pull);
    quotePlan(pages, right.summary);
    check('The plan has all 24 deployments that would end.', right.title, 'Plan: 0 to add, 24 to change, 0 to delete.');
    check('But for the report itself, it was made with reads alone.', changes(), 0);
  },
};

const held: Scene = {
  time: '17:00',
  title: 'It is merged, and would end two dozen deployments at once',
  async play({ shop, pages, clock, settle, sweep, check, changes }) {
    const manual = shop.deployments('manual');
    pages.tell('#6 is merged.');
    shop.pullRequest(6).merge({ method: 'squash', by: 'octocat', deleteBranch: true });
    await settle();
    check('The change waits for a sweep: time to notice a slip.', changes(), 0);
    clock('17:15');
    pages.tell('A quarter of an hour later nobody has objected.');
    await sweep();
    check('All 24 have ended.', new Set(states(...manual)), new Set(['inactive']));
    check('That took two writes: GitHub takes twenty statuses at once.', changes(), 2);
  },
};

/** How the policy itself changes. */
export const policyChanges: readonly Scene[] = [proposed, held];
