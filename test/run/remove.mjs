import { rm } from 'node:fs/promises';

/** What was made for this run of tests alone. */
export default async function remove() {
  const built = process.env.LOCKKEEPER_TEST_BUILT;
  if (built !== undefined) await rm(built, { recursive: true, force: true });
}
