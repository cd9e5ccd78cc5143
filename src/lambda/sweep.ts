import { createSweepHandler, start } from '../lambda.ts';

const started = start(process.env).then(createSweepHandler);
started.catch(() => undefined);

export async function handler(): Promise<void> {
  const sweepAll = await started;
  await sweepAll();
}
