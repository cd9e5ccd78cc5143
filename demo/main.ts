import type { RepositoryHandle, Simulator } from '../test/simulator/index.ts';
import { createPages, type Pages } from './pages.ts';
import { createPaint } from './paint.ts';
import { startGitHub } from './population.ts';
import { endings } from './scenes/endings.ts';
import { evening } from './scenes/evening.ts';
import { policyChanges } from './scenes/policy-changes.ts';
import { previews } from './scenes/previews.ts';
import { troubles } from './scenes/troubles.ts';
import { tryOut } from './scenes/try-out.ts';
import { createTheatre, type Theatre } from './stage.ts';

/** Milliseconds after which something hangs that should not. */
const PATIENCE = 50_000;

/** Plays the day. Resolves to whether everything was as told. */
async function playDay(): Promise<boolean> {
  const start = performance.now();
  const pages = createPages((text) => process.stdout.write(text), createPaint(process.stdout, process.env));
  const { github, shop } = await startGitHub();
  const theatre = createTheatre({ github, shop, pages });
  try {
    const url = await theatre.open();
    pages.title('Lockkeeper · a day of deployments in acme/shop');
    pages.paragraph(
      `GitHub is simulated, on ${github.url}. The server is the real one, on ${url}: webhooks reach it signed, over HTTP. ` +
        'What it changes (▸) is read from its log, and checked on GitHub’s side (✓). GitHub’s clock runs fast.',
    );
    for (const scene of [...tryOut, ...previews, ...endings, ...troubles, ...policyChanges, evening])
      await theatre.show(scene);
    summarize({ theatre, github, shop, pages, seconds: (performance.now() - start) / 1000 });
    return theatre.broken === 0;
  } finally {
    await theatre.close();
  }
}

function summarize(day: {
  readonly theatre: Theatre;
  readonly github: Simulator;
  readonly shop: RepositoryHandle;
  readonly pages: Pages;
  readonly seconds: number;
}): void {
  const { theatre, github, shop, pages, seconds } = day;
  const { requests, kept, broken } = theatre;
  const writes = requests.filter(({ write }) => write).length;
  const points = requests.reduce((sum, { cost }) => sum + cost, 0);
  pages.title('The day in numbers');
  pages.table([
    ['deployments', String(shop.deployments().length)],
    ['webhooks', String(github.deliveries.length)],
    [
      'requests',
      `${requests.length}, ${writes} of them writes; GitHub allows 5,000 points an hour, the day cost ${points}`,
    ],
    ['verified', `${kept} of ${kept + broken}`],
    ['time', `${seconds.toFixed(1)} s`],
  ]);
  pages.paragraph(
    'Not shown here: gates, protection and deploy keys (docs/gates.md, docs/protection.md, docs/deploy-keys.md).',
  );
  pages.paragraph('Next: README.md says how to install it on your own account.');
  pages.end();
}

const watchdog = setTimeout(() => {
  process.stderr.write(`The demo did not end within ${PATIENCE / 1000} seconds.\n`);
  process.exit(1);
}, PATIENCE);

try {
  if (!(await playDay())) process.exitCode = 1;
} finally {
  clearTimeout(watchdog);
}
