import type { GitHubReader, ReadRoute, RouteData, RouteParameters } from './port.ts';

/** What GitHub gives at most; it defaults to 30. */
const PAGE = 100;

/** Where the list is in an answer that is not one itself, and how many items are wanted at most. */
export interface PageOptions<R extends ReadRoute, T> {
  readonly items: (data: RouteData<R>) => readonly T[];
  /** Default: all. */
  readonly most?: number;
  /** How many items a page holds, where GitHub gives fewer than 100. */
  readonly size?: number;
}

/**
 * Every item of a list, page after page until a short one. Meant for routes that count before they filter: a page
 * that lacks items in the middle of a list would end it.
 * @throws GitHubError
 */
export async function getAll<R extends ReadRoute, T>(
  github: Pick<GitHubReader, 'get'>,
  route: R,
  parameters: RouteParameters<R>,
  options: PageOptions<R, T>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const items of getPages(github, route, parameters, options)) all.push(...items);
  return options.most === undefined ? all : all.slice(0, options.most);
}

/** The same, a page at a time, for lists that may be too long to hold or that may end early. */
export async function* getPages<R extends ReadRoute, T>(
  github: Pick<GitHubReader, 'get'>,
  route: R,
  parameters: RouteParameters<R>,
  options: PageOptions<R, T>,
): AsyncGenerator<readonly T[]> {
  const { most = Number.POSITIVE_INFINITY, size = PAGE } = options;
  for (let page = 1, seen = 0; seen < most; page++) {
    const data = await github.get(route, Object.assign({}, parameters, { per_page: size, page }));
    const items = options.items(data);
    seen += items.length;
    if (items.length > 0) yield items;
    if (items.length < size) return;
  }
}
