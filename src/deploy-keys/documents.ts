import type { GraphqlDocument } from '../github/port.ts';

/** This app's newest report on each of the last commits of the default branch: the head may have moved since. */
export const ANNOUNCING_REPORTS: GraphqlDocument = {
  name: 'AnnouncingReports',
  text: `query AnnouncingReports($owner: String!, $name: String!, $appId: Int!, $check: String!) {
  repository(owner: $owner, name: $name) {
    databaseId
    defaultBranchRef {
      target {
        ... on Commit {
          history(first: 100) {
            nodes {
              checkSuites(first: 1, filterBy: { appId: $appId }) {
                nodes {
                  checkRuns(first: 1, filterBy: { checkName: $check, appId: $appId, checkType: LATEST }) {
                    nodes { summary }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}`,
};
