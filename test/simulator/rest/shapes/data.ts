import type { Endpoints } from '@octokit/types';

/** What a route answers with, so that a shape that lacks a required property does not compile. */
export type Data<R extends keyof Endpoints> = Endpoints[R]['response']['data'];
