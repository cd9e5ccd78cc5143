import type { z } from 'zod';
import type { jobSchema } from '../../src/jobs/job-schema.ts';
import type { Job } from '../../src/jobs/job.ts';
import type { Equal, Holds } from './equal.ts';

type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;

/** Whatever is added to a job survives its way through a queue outside of the process. */
export type AJobIsWhatIsReadBack = Holds<Equal<Writable<z.output<typeof jobSchema>>, Writable<Job>>>;
