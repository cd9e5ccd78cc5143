import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';
import { createRestContract } from '../../node_modules/.cache/test-packages/contract.js';

// Else graphql asks at every step whether it was loaded twice.
const { NODE_ENV } = process.env;
process.env.NODE_ENV = 'production';
const graphql = await import('../../node_modules/.cache/test-packages/graphql.js');
process.env.NODE_ENV = NODE_ENV;

/**
 * What every test file may have in common with the others of its process, by name: to make it takes longer than most
 * tests, and nothing that a test does changes it. All else is a file's own.
 */
const kept = new Map([['graphql', graphql]]);
const makers = new Map([['rest contract', createRestContract]]);

/** @param {string} name @param {() => unknown} make */
function keep(name, make) {
  if (!kept.has(name)) kept.set(name, (makers.get(name) ?? make)());
  return kept.get(name);
}

// jest runs each test in a storage, by which it tells whose an error is among tests that run at once. None of ours do, and
// before Node 24 a storage makes every promise cost twice as much.
if (Number.parseInt(process.versions.node) < 24) {
  AsyncLocalStorage.prototype.run = (_store, run, ...given) => run(...given);
}

/** Node's environment of jest, with `keep` in it: see kept.ts. */
export default class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global[Symbol.for('lockkeeper.keep')] = keep;
  }

  async teardown() {
    // Else jest would clear out what it holds.
    Reflect.deleteProperty(this.global, Symbol.for('lockkeeper.keep'));
    await super.teardown();
  }
}
