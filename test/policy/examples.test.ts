import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { buildJsonSchema } from '../../src/policy/docs/json-schema.ts';
import { lintPolicy } from '../../src/policy/lint.ts';
import { parsePolicy } from '../../src/policy/parse.ts';

const FOLDER = new URL('../../examples/', import.meta.url);
const examples = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const validate = new Ajv2020({ strict: false }).compile(buildJsonSchema());

test('there are examples to begin with', () => {
  expect(examples.length).toBeGreaterThanOrEqual(6);
});

describe.each(examples)('the example %s', (name) => {
  test('has no errors', () => {
    expect(parsePolicy(read(name)).diagnostics).toEqual([]);
  });

  test('has nothing odd about it', () => {
    const { policy, locate } = parsePolicy(read(name));
    if (policy === null) throw new Error('The example does not parse');
    const level = name.startsWith('organisation') ? 'organisation' : 'repository';
    expect(lintPolicy({ policy, locate, level, now: Date.parse('2026-06-01T00:00:00Z') })).toEqual([]);
  });

  test('fits the JSON Schema that it names in its first line', () => {
    expect(read(name).split('\n')[0]).toBe('# yaml-language-server: $schema=../schema/deployments.schema.json');
    validate(load(read(name)));
    expect(validate.errors).toBeNull();
  });
});
