import type { Call, Reply } from './route.ts';

const USUAL_SIZES = { usual: 30, most: 100 };

/** A page of a list with the Link header that leads to the others. Pages count from 1 and hold 30 unless told otherwise. */
export function page<T>(
  call: Call,
  items: readonly T[],
  render: (items: readonly T[]) => unknown,
  sizes: { readonly usual: number; readonly most: number } = USUAL_SIZES,
): Reply {
  const size = clamp(call.query.get('per_page'), sizes.usual, sizes.most);
  const number = clamp(call.query.get('page'), 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(items.length / size));
  const body = render(items.slice((number - 1) * size, number * size));
  const link = linkHeader({ path: call.address, query: call.query, number, last });
  return { status: 200, body, headers: link === '' ? {} : { link } };
}

function clamp(text: string | null, otherwise: number, most: number): number {
  const value = text === null ? NaN : Number(text);
  return Number.isInteger(value) && value > 0 ? Math.min(value, most) : otherwise;
}

function linkHeader(at: {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly number: number;
  readonly last: number;
}): string {
  const to = (number: number, relation: string) => {
    const query = new URLSearchParams(at.query);
    query.set('page', String(number));
    return `<${at.path}?${query.toString()}>; rel="${relation}"`;
  };
  const links: string[] = [];
  if (at.number > 1) links.push(to(at.number - 1, 'prev'));
  if (at.number < at.last) links.push(to(at.number + 1, 'next'), to(at.last, 'last'));
  if (at.number > 1) links.push(to(1, 'first'));
  return links.join(', ');
}
