import type { RepositoryRef } from '../../github/ids.ts';
import type { GraphqlDocument } from '../../github/port.ts';
import { OPEN_WORK_FIELDS, OPEN_WORK_FRAGMENTS, WORK_SHOWN } from '../../lifecycle/documents.ts';
import { ORGANISATION_FIELDS, POLICY_FIELDS } from '../../policy/load-fields.ts';

/** So many repositories are glanced at in one request: with seven lists each, that is one point. */
export const GLANCED_AT_ONCE = 20;

/** A repository, and whether more is asked for than its policy and what is deployed. */
export interface GlancedAt {
  readonly repository: RepositoryRef;
  readonly withWork: boolean;
}

/** Seven lists for each, or one where there was no policy, and one for the owner's policy. */
export function glanceDocument(those: readonly GlancedAt[]): GraphqlDocument {
  const anyWork = those.some(({ withWork }) => withWork);
  const parts = those.map(
    ({ withWork }, i) => `  r${i}: repository(owner: $owner, name: $n${i}) {
    databaseId
    isArchived
    ${POLICY_FIELDS}
    ${withWork ? `${REPORT_FIELDS}\n    ${OPEN_WORK_FIELDS}` : SHOWN_FIELDS}
  }${withWork ? `\n  e${i}: repository(owner: $owner, name: $n${i}) { environments(first: 100) { totalCount nodes { name } } }` : ''}`,
  );
  const parameters = those.map((_, i) => `, $n${i}: String!`).join('');
  return {
    name: 'Glance',
    text: `query Glance($owner: String!, $withPolicyText: Boolean!${anyWork ? ', $app: Int!, $check: String!' : ''}${parameters}) {
${parts.join('\n')}
  ${ORGANISATION_FIELDS}
}
${anyWork ? OPEN_WORK_FRAGMENTS : ''}`,
  };
}

/** Where nothing is governed, runs that ask are to go on all the same. */
const SHOWN_FIELDS = `deployments(first: ${WORK_SHOWN}, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { databaseId latestEnvironment originalEnvironment commitOid latestStatus { state } } }`;

const REPORT_FIELDS = `defaultBranchRef {
      target {
        ... on Commit {
          checkSuites(first: 1, filterBy: { appId: $app, checkName: $check }) {
            nodes {
              checkRuns(first: 1, filterBy: { appId: $app, checkName: $check, checkType: LATEST }) {
                nodes { name externalId summary }
              }
            }
          }
        }
      }
    }`;
