import type { GitHubReader, GitHubWriter } from '../../src/github/port.ts';
import type { observeLifecycle } from '../../src/lifecycle/observe.ts';
import type { observeListing } from '../../src/lifecycle/observe-listing.ts';
import type { loadPolicy } from '../../src/policy/load.ts';
import type { Holds } from './equal.ts';

/** A reader is enough, and nothing of a writer is asked for. */
type AsksForAReader<F extends (...parameters: never[]) => unknown> = GitHubReader extends Parameters<F>[0]
  ? keyof Parameters<F>[0] & keyof GitHubWriter extends never
    ? true
    : false
  : false;

/** What observes or loads is given the reader, and no more. */
export type ReadsOnly = [
  Holds<AsksForAReader<typeof observeLifecycle>>,
  Holds<AsksForAReader<typeof observeListing>>,
  Holds<AsksForAReader<typeof loadPolicy>>,
];
