import type { OpenApiSchema } from './json-schema.ts';

/** Where GitHub's description contradicts GitHub: what it should say instead. */
export interface Amendment {
  readonly operation: string;
  readonly status: string;
  readonly schema: OpenApiSchema;
  readonly because: string;
}

const BRANCH_POLICIES = '/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies';

export const amendments: readonly Amendment[] = [
  {
    operation: 'GET /app/installations',
    status: '200',
    schema: { type: 'array', items: { $ref: '#/components/schemas/installation' } },
    because: 'An account is said to be a user and an enterprise at once; the same installation by itself is either.',
  },
  ...[
    { operation: 'GET /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}', status: '404' },
    { operation: 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}', status: '404' },
    { operation: `POST ${BRANCH_POLICIES}`, status: '404' },
    { operation: `POST ${BRANCH_POLICIES}`, status: '303' },
  ].map((answer) => ({
    ...answer,
    schema: { $ref: '#/components/schemas/basic-error' },
    because: 'It is said to have no body; a refusal of GitHub’s has its words in one.',
  })),
];
