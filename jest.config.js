import { fileOf, names } from './test/run/names.mjs';

/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/test/run/environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  globalSetup: '<rootDir>/test/run/prepare.mjs',
  globalTeardown: '<rootDir>/test/run/remove.mjs',
  testSequencer: '<rootDir>/test/run/sequencer.mjs',
  moduleNameMapper: Object.fromEntries(names.map((name) => [`^${name}$`, `<rootDir>/${fileOf(name)}`])),
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  maxWorkers: 4,
};
