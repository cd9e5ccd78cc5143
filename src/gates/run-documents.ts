import type { GraphqlDocument } from '../github/port.ts';

/**
 * The deployments that the jobs of a run made, as GitHub itself connects them: a job is a check run in its run's suite.
 * Whoever can write to the repository can make a deployment look like one of Actions', and no job of another's run.
 */
const MADE_BY_JOBS = `... on CheckSuite {
      repository { databaseId }
      workflowRun { databaseId }`;
const JOBS = 'pageInfo { hasNextPage endCursor } nodes { deployment { databaseId } }';

/** More runs than these do not wait for one environment at a time, or each stands for itself, without its deployment. */
export const MOST_SUITES = 50;

/** What the latest attempt's jobs made; a run that waits rarely has more than a hundred. */
export const SUITE_FIELDS = `${MADE_BY_JOBS}
      checkRuns(first: 100, filterBy: {checkType: LATEST}) { ${JOBS} }
    }`;

/** What the jobs of all attempts made. */
export const RUN_DEPLOYMENTS: GraphqlDocument = {
  name: 'RunDeployments',
  text: `query RunDeployments($suite: ID!, $after: String) {
  suite: node(id: $suite) {
    ${MADE_BY_JOBS}
      checkRuns(first: 100, after: $after, filterBy: {checkType: ALL}) { ${JOBS} }
    }
  }
}`,
};
