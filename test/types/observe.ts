import type { GitHubReader } from '../../src/github/port.ts';
import type { observeLifecycle } from '../../src/lifecycle/observe.ts';
import type { observeListing } from '../../src/lifecycle/observe-listing.ts';
import type { loadPolicy } from '../../src/policy/load.ts';
import type { Equal, Holds } from './equal.ts';

type AsksForAReader<F extends (...parameters: never[]) => unknown> = Equal<Parameters<F>[0], GitHubReader>;

/** What observes or loads is given the reader, and no more. */
export type ReadsOnly = [
  Holds<AsksForAReader<typeof observeLifecycle>>,
  Holds<AsksForAReader<typeof observeListing>>,
  Holds<AsksForAReader<typeof loadPolicy>>,
];
