import { z } from 'zod';
import { moment, pattern, text, timeOfDay, timeZone } from './scalars.ts';
import { refuse } from './refusal.ts';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const windowSchema = z
  .strictObject({
    name: text({ longest: 255 }).describe('The name by which a `windows` gate of this file asks for it.'),
    time_zone: timeZone().describe('IANA name of the time zone that `days`, `from` and `to` are read in.'),
    days: z
      .array(z.enum(DAYS))
      .default([...DAYS])
      .describe('Days on which the window begins. Left out: every day.'),
    from: timeOfDay()
      .check((context) => {
        if (context.value.hour !== 24) return;
        refuse(context, context.value, { code: 'not-in-calendar', message: 'Write 00:00: no window begins at 24:00.' });
      })
      .prefault('00:00')
      .describe('When it opens. Its start is inside it. Left out: at midnight.'),
    to: timeOfDay()
      .prefault('24:00')
      .describe(
        'When it closes; the end is not inside it. Where it is not after `from`, it is on the next day. Left out: at the midnight that ends the day.',
      ),
  })
  .describe('A time of the week in which a `windows` gate passes.');

export const freezeSchema = z
  .strictObject({
    name: text({ longest: 255 }).default('freeze').describe('The name that people see.'),
    environments: z
      .array(pattern())
      .exactOptional()
      .describe('Patterns of environments that it covers. Left out: all.'),
    from: moment().exactOptional().describe('When it begins. Left out: it is in force since ever.'),
    to: moment().exactOptional().describe('When it ends. Left out: when the freeze is taken out of the file.'),
    time_zone: timeZone().describe('IANA name of the time zone that moments without an offset are read in.'),
    reason: text({ longest: 500 }).exactOptional().describe('Why; people who wait for it see this.'),
  })
  .describe('A time in which deployments to the environments it covers wait.');
