import type { Account, PullRequest, Review } from './model.ts';
import { nodeId } from './accounts.ts';
import type { World } from './world.ts';

export function setLabel(
  world: World,
  pullRequest: PullRequest,
  options: { readonly name: string; readonly present: boolean; readonly sender: Account },
): void {
  const { labels } = pullRequest.repository;
  const key = options.name.toLowerCase();
  const id = labels.has(key) ? 0 : world.nextId('label');
  const label = labels.get(key) ?? ({ kind: 'Label', id, nodeId: nodeId('LA', id), name: options.name } as const);
  labels.set(key, label);
  world.nodes.set(label.nodeId, label);
  if (pullRequest.labels.has(label) === options.present) return;
  if (options.present) pullRequest.labels.add(label);
  else pullRequest.labels.delete(label);
  pullRequest.updatedAt = world.clock.now();
  const action = options.present ? 'labeled' : 'unlabeled';
  world.emit({ name: 'pull_request', action, pullRequest, label, sender: options.sender });
}

export function addReview(
  world: World,
  pullRequest: PullRequest,
  options: { readonly user: Account; readonly state: Review['state']; readonly body?: string | undefined },
): Review {
  const id = world.nextId('review');
  const review: Review = {
    kind: 'PullRequestReview',
    id,
    nodeId: nodeId('PRR', id),
    pullRequest,
    user: options.user,
    body: options.body ?? '',
    sha: pullRequest.headSha,
    state: options.state,
    submittedAt: world.clock.now(),
  };
  pullRequest.reviews.push(review);
  pullRequest.updatedAt = review.submittedAt;
  world.nodes.set(review.nodeId, review);
  world.emit({ name: 'pull_request_review', action: 'submitted', review, sender: options.user });
  return review;
}
