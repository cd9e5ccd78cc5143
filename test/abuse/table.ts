import { bodyRows } from './bodies.ts';
import { envelopeRows } from './envelopes.ts';
import { fieldRows } from './fields.ts';
import { nameRows } from './names.ts';
import type { Row } from './row.ts';

/** Every hostile delivery, with what it is to be answered with. */
export const table: readonly Row[] = [...envelopeRows, ...bodyRows, ...fieldRows, ...nameRows];
