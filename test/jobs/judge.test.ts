import { describe, expect, test } from '@jest/globals';
import { judge, verdictOn } from '../../src/jobs/judge.ts';

const harmless = { changes: { inactivate: 1, delete: 0 }, governed: { open: 50, ended: 0 } };
const sweeping = { changes: { inactivate: 50, delete: 0 }, governed: { open: 50, ended: 0 } };

describe('judge', () => {
  test('a policy that this process sees for the first time is accepted, whatever it would do', () => {
    expect(judge({ version: 'b', known: undefined, reach: sweeping, isSweep: false })).toEqual({
      accepted: 'b',
      held: null,
    });
  });

  test('a changed policy that does little is accepted', () => {
    const known = { accepted: 'a', held: null };
    expect(judge({ version: 'b', known, reach: harmless, isSweep: false })).toEqual({ accepted: 'b', held: null });
  });

  test('a changed policy that does much waits for a sweep, and for one that comes after it was found', () => {
    const known = { accepted: 'a', held: null };
    const held = judge({ version: 'b', known, reach: sweeping, isSweep: true });
    expect(held).toEqual({ accepted: 'a', held: 'b' });
    expect(judge({ version: 'b', known: held, reach: sweeping, isSweep: false })).toEqual(held);
    expect(judge({ version: 'b', known: held, reach: sweeping, isSweep: true })).toEqual({ accepted: 'b', held: null });
  });

  test('a third version is judged anew while the second is held', () => {
    const known = { accepted: 'a', held: 'b' };
    expect(judge({ version: 'c', known, reach: sweeping, isSweep: true })).toEqual({ accepted: 'a', held: 'c' });
    expect(judge({ version: 'a', known, reach: sweeping, isSweep: false })).toEqual({ accepted: 'a', held: null });
  });
});

describe('verdictOn', () => {
  test.each([
    [undefined, 'accepted'],
    [{ accepted: 'a', held: null }, 'accepted'],
    [{ accepted: 'b', held: null }, 'changed'],
    [{ accepted: 'b', held: 'a' }, 'held'],
    [{ accepted: 'b', held: 'c' }, 'changed'],
  ] as const)('of version a where %j is known: %s', (known, expected) => {
    expect(verdictOn('a', known)).toBe(expected);
  });
});
