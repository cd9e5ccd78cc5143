import Sequencer from '@jest/test-sequencer';

/**
 * What takes longest, of a small file or a short list of tests. In a fresh checkout jest knows no more of a file than its
 * size: these would come last, and one core would wait for the other.
 */
const LONGEST = ['faults/', 'brakes/', 'bench/', 'lambda/', 'server/process', 'redis/', 'cli/', 'properties/', 'demo/'];

/** Begins with those, and then does as jest does. */
export default class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = LONGEST.findIndex((one) => path.includes(`/test/${one}`));
      return found === -1 ? LONGEST.length : found;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
