/** `refUpdateRule` is what of a branch's protection can be seen without administration rights. */
export const PULL_REQUEST_FRAGMENT = `fragment PullRequestFields on PullRequest {
        number
        createdAt
        state
        isCrossRepository
        headRefName
        headRefOid
        headRef { refUpdateRule { pattern } }
        mergeCommit { oid }
}`;

/** Of pull requests that GitHub associates with something: a commit is one in a repository and its forks, and so are these. */
export const ASSOCIATED_FIELDS = `nodes { ...PullRequestFields baseRepository { databaseId } }`;

/**
 * What a pull request's commits are and, after force pushes, were. GitHub keeps the head that a force push replaced;
 * what lay between it and the base is in its history.
 */
export const COMMITS_FIELDS = `commits(last: 100) { nodes { commit { oid } } }
        baseRefName
        timelineItems(last: 10, itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT]) {
          nodes { ... on HeadRefForcePushedEvent { beforeCommit { oid history(first: 20) { nodes { oid } } } } }
        }`;
