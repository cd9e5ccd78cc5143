import { describe, expect, test } from '@jest/globals';
import { isSweeping } from '../../src/changes/brake.ts';

describe('a changed policy is sweeping', () => {
  test.each([
    ['when it ends everything open', { inactivate: 30, delete: 0 }, { open: 30, ended: 0 }, true],
    ['when it ends more than half of what is open', { inactivate: 26, delete: 0 }, { open: 50, ended: 0 }, true],
    ['not at half of it', { inactivate: 25, delete: 0 }, { open: 50, ended: 0 }, false],
    ['not at twenty, though these are all', { inactivate: 20, delete: 0 }, { open: 20, ended: 0 }, false],
    ['at twenty-one', { inactivate: 21, delete: 0 }, { open: 21, ended: 0 }, true],
    ['when endings and deletions together are', { inactivate: 11, delete: 10 }, { open: 15, ended: 15 }, true],
    ['though years of ended ones stand beside', { inactivate: 30, delete: 0 }, { open: 30, ended: 5000 }, true],
    ['when it deletes more than half of what has ended', { inactivate: 0, delete: 40 }, { open: 500, ended: 60 }, true],
    ['not when it trims an old pile', { inactivate: 0, delete: 40 }, { open: 10, ended: 500 }, false],
  ])('%s', (_title, changes, governed, expected) => {
    expect(isSweeping({ changes, governed })).toBe(expected);
  });
});
