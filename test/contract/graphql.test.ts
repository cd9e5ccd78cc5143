import { describe, expect, test } from '@jest/globals';
import {
  GraphQLError,
  Kind,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
} from 'graphql';
import type { GraphqlDocument } from '../../src/github/port.ts';
import { createStatusesDocument, deleteDeploymentsDocument, MOST_MUTATIONS } from '../../src/changes/documents.ts';
import {
  gateFactsDocument,
  gateFollowUpDocument,
  MOST_COMMITS,
  waitingDeploymentsDocument,
} from '../../src/gates/documents.ts';
import { MOST_SUITES } from '../../src/gates/run-documents.ts';
import { pastCommitsDocument } from '../../src/gates/past-documents.ts';
import { environmentDeploymentsDocument } from '../../src/lifecycle/documents.ts';
import { repositoryId } from '../../src/github/trusted.ts';
import { glanceDocument } from '../../src/jobs/sweep/glance-document.ts';
import { lookupsDocument, NO_LOOKUPS } from '../../src/lifecycle/lookup-documents.ts';
import { costOf } from '../simulator/graphql/cost.ts';
import { githubSchema } from '../simulator/graphql/schema.ts';
import { loadDocumentFiles } from './documents.ts';
import { findBrokenLimits } from './graphql-limits.ts';

const schema = githubSchema();
const files = await loadDocumentFiles();

const many = Array.from({ length: 20 }, (_, i) => i + 1);

/** Documents that are put together, at their smallest and at their largest. */
const built: Readonly<Record<string, readonly GraphqlDocument[]>> = {
  createStatusesDocument: [createStatusesDocument(1), createStatusesDocument(MOST_MUTATIONS)],
  deleteDeploymentsDocument: [deleteDeploymentsDocument(1), deleteDeploymentsDocument(MOST_MUTATIONS)],
  environmentDeploymentsDocument: [
    environmentDeploymentsDocument(NO_LOOKUPS).document,
    environmentDeploymentsDocument({ refs: ['a', 'b', 'c'], pullRequests: [1, 2, 3] }).document,
  ],
  gateFactsDocument: [
    gateFactsDocument({ commits: 0, names: 0, suites: 0 }),
    gateFactsDocument({ commits: MOST_COMMITS, names: MOST_COMMITS, suites: MOST_SUITES }),
  ],
  gateFollowUpDocument: [
    gateFollowUpDocument({ members: 1, branches: 0, lists: 0, commits: 0 }),
    gateFollowUpDocument({ members: 0, branches: 1, lists: 1, commits: 0 }),
    gateFollowUpDocument({ members: 20, branches: 20, lists: 20, commits: MOST_COMMITS }),
  ],
  pastCommitsDocument: [pastCommitsDocument(1), pastCommitsDocument(MOST_COMMITS)],
  waitingDeploymentsDocument: [waitingDeploymentsDocument(0), waitingDeploymentsDocument(25)],
  lookupsDocument: [
    lookupsDocument({ refs: ['main'], pullRequests: [] }).document,
    lookupsDocument({ refs: [], pullRequests: [1] }).document,
    lookupsDocument({ refs: many.map(String), pullRequests: many, commits: many.map(String) }).document,
  ],
  glanceDocument: [glanceDocument([{ repository: glancedAt(1), withWork: false }])],
};

/** Twenty repositories at a time, with all that a sweep asks for. */
const largestGlance = glanceDocument(many.map((id) => ({ repository: glancedAt(id), withWork: true })));

function glancedAt(id: number) {
  return { id: repositoryId(id), owner: 'acme', name: `r${id}` };
}

const documents: readonly (readonly [string, GraphqlDocument])[] = [
  ...files.flatMap(({ constants }) => Object.entries(constants)),
  ...Object.entries(built).flatMap(([name, made]) =>
    made.map((document, i) => [`${name}, sample ${i + 1}`, document] as const),
  ),
  ['glanceDocument, at its largest', largestGlance],
];

/** Everything that GitHub would object to. */
function findProblems({ name, text }: GraphqlDocument): readonly string[] {
  const parsed = tryToParse(text);
  if (parsed instanceof GraphQLError) return [parsed.message];
  const operations = parsed.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const names = operations.map((operation) => operation.name?.value ?? '(none)');
  return [
    ...(names.join() === name ? [] : [`is called ${name}, and its operation ${names.join(', ')}`]),
    ...validate(schema, parsed, [...specifiedRules, NoDeprecatedCustomRule]).map(({ message }) => message),
    ...findBrokenLimits(schema, parsed),
  ];
}

function tryToParse(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

describe('every GraphQL document is one that GitHub takes', () => {
  test.each(documents)('%s', (_, document) => {
    expect(findProblems(document)).toEqual([]);
  });

  test('every function that makes a document has a sample here', () => {
    expect(files.flatMap(({ builders }) => Object.keys(builders)).filter((name) => built[name] === undefined)).toEqual(
      [],
    );
  });

  test('every operation in the source is in a document that is exported, or made by such a function', () => {
    const checked = new Set(documents.map(([, { name }]) => name));
    const missing = files.flatMap(({ path, operations }) =>
      operations.filter((name) => !checked.has(name)).map((name) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('a document that GitHub does not take is caught', () => {
  const inRepository = (fields: string) => `query Q { repository(owner: "a", name: "b") { ${fields} } }`;

  test.each<[string, string, string]>([
    ['another name', 'query Other { viewer { login } }', 'is called Q, and its operation Other'],
    ['two operations', 'query Q { viewer { login } } query R { viewer { login } }', 'its operation Q, R'],
    ['no name', '{ viewer { login } }', 'its operation (none)'],
    ['a text that is not GraphQL', 'query Q {', 'Syntax Error'],
    ['a field that does not exist', inRepository('environmentz'), 'Cannot query field "environmentz"'],
    ['a variable that is not used', 'query Q($a: Int) { viewer { login } }', 'Variable "$a" is never used'],
    [
      'a connection without a size',
      inRepository('deployments { nodes { id } }'),
      'Repository.deployments has neither first nor last',
    ],
    [
      'a connection without a size in a fragment',
      `${inRepository('...F')} fragment F on Repository { refs(refPrefix: "x") { nodes { id } } }`,
      'Repository.refs has neither',
    ],
    [
      'a page that is too large',
      inRepository('deployments(last: 101) { nodes { id } }'),
      'Repository.deployments asks for 101',
    ],
    [
      'more nodes than GitHub gives',
      inRepository(
        'deployments(first: 100) { nodes { statuses(first: 100) { nodes { deployment { statuses(first: 100) { nodes { id } } } } } } }',
      ),
      '1010100 nodes',
    ],
    [
      'a field that GitHub has announced to remove',
      inRepository('projects(first: 1) { nodes { id } }'),
      'is deprecated',
    ],
  ])('%s', (_, text, problem) => {
    expect(findProblems({ name: 'Q', text }).join('\n')).toContain(problem);
  });
});

test('a glance at twenty repositories with all that is open in them costs one point', () => {
  const document = parse(largestGlance.text);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('not an operation');
  expect(costOf(schema, document, operation, {}).points).toBe(1);
});
