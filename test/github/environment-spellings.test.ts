import { expect, test } from '@jest/globals';
import { createEnvironmentSpellings } from '../../src/github/environment-spellings.ts';
import { repositoryId } from '../../src/github/trusted.ts';

const shop = repositoryId(1);

test('every spelling of a name is remembered once, the newest last', () => {
  const names = createEnvironmentSpellings();
  for (const name of ['Production', 'production', 'Production', 'Staging']) names.see(shop, name);
  expect(names.spellings(shop, 'PRODUCTION')).toEqual(['production', 'Production']);
  expect(names.spellings(shop, 'staging')).toEqual(['Staging']);
});

test('repositories are kept apart, and what was not seen is empty', () => {
  const names = createEnvironmentSpellings();
  names.see(shop, 'production');
  expect(names.spellings(repositoryId(2), 'production')).toEqual([]);
});

test('a name with endless spellings does not grow without bound', () => {
  const names = createEnvironmentSpellings();
  const letters = Array.from('production');
  for (let i = 0; i < 2 ** letters.length; i++) {
    names.see(shop, letters.map((letter, bit) => ((i >> bit) % 2 === 1 ? letter.toUpperCase() : letter)).join(''));
  }
  expect(names.spellings(shop, 'production')).toHaveLength(8);
});
