/**
 * Packages that most test files load, each of many small files. Every test file has its modules to itself, so that
 * they are looked up and linked again each time: as a few large files that takes a fifth.
 */
export const names = [
  'ajv-formats',
  'ajv/dist/2019.js',
  'ajv/dist/2020.js',
  'fast-check',
  'fastify',
  'graphql',
  'js-yaml',
  'leven',
  'lru-cache',
  'pino',
  'probot',
  'prom-client',
  'temporal-polyfill',
  'zod',
];

/** Those of them that are loaded once a process, by the test environment. */
export const keptNames = ['graphql'];

/** Where the bundles lie. */
export const folder = 'node_modules/.cache/test-packages';

/** @param {string} name */
export function bundleOf(name) {
  return `${folder}/${name.replaceAll('/', '-').replace(/\.js$/, '')}.js`;
}

/** What a test file gets for a package. @param {string} name */
export function fileOf(name) {
  return keptNames.includes(name) ? bundleOf(name).replace(/\.js$/, '.kept.js') : bundleOf(name);
}
