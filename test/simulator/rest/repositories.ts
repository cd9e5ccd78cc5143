import { inRepository, ok, type Route } from './route.ts';
import { fullRepository } from './shapes/repository.ts';

export const repositoryRoutes: readonly Route[] = [
  inRepository('GET /repos/{owner}/{repo}', 'metadata:read', (call) => ok(fullRepository(call.repository, call.at))),
];
