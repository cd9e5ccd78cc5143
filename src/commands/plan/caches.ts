import { LRUCache } from 'lru-cache';
import type { LifecycleCaches } from '../../lifecycle/observe.ts';

/** What a command remembers while it runs. */
export function createCaches(): LifecycleCaches {
  return { creation: new LRUCache({ max: 200_000 }), pullRequests: new LRUCache({ max: 10 }) };
}
