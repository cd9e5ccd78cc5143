import { z } from 'zod';
import { DURATION_FORM, LONGEST_DURATION, parseDuration } from '../duration.ts';
import { MOMENT_FORM, parseMoment, parseTimeOfDay, TIME_FORM, type WrittenTime } from '../moment.ts';
import { isPattern, patternProblem } from '../pattern.ts';
import { refuse } from './refusal.ts';

/** A duration; milliseconds once parsed. `shortest` is in milliseconds too. */
export function duration({ shortest }: { readonly shortest: number }) {
  return z
    .string()
    .meta({ title: 'duration', pattern: DURATION_FORM.source, examples: ['30m', '12h', '14d', '2w'] })
    .transform((text, context) => {
      const length = parseDuration(text);
      if (length === null) {
        refuse(context, text, {
          code: 'bad-duration',
          message: 'Write a whole number and a unit: 30m, 12h, 14d or 2w.',
        });
        return z.NEVER;
      }
      if (length > LONGEST_DURATION) {
        refuse(context, text, { code: 'out-of-range', message: 'Write a duration of at most ten years (3650d).' });
      } else if (length < shortest) {
        refuse(context, text, { code: 'out-of-range', message: 'Write a duration of at least one minute (1m).' });
      }
      return length;
    });
}

/** A duration that may be `0m`. */
export const waitingTime = () => duration({ shortest: 0 });
/** A duration of a minute or more. */
export const age = () => duration({ shortest: 60_000 });

/** `YYYY-MM-DDTHH:MM[:SS][offset]`. */
export function moment() {
  return z
    .string()
    .meta({ title: 'moment', pattern: MOMENT_FORM.source, examples: ['2026-12-19T00:00', '2026-12-19T08:00:00+01:00'] })
    .transform((text, context) => {
      const advice = 'Write the moment as YYYY-MM-DDTHH:MM, with an offset such as Z or +01:00 where you want one.';
      return takeTime(context, { text, time: parseMoment(text), advice });
    });
}

/** `HH:MM`. */
export function timeOfDay() {
  return z
    .string()
    .meta({ title: 'time of day', pattern: TIME_FORM.source, examples: ['09:00', '16:30'] })
    .transform((text, context) => {
      const advice = 'Write the time as HH:MM, from 00:00 to 24:00.';
      return takeTime(context, { text, time: parseTimeOfDay(text), advice });
    });
}

function takeTime<T>(
  context: z.core.ParsePayload,
  { text, time, advice }: { readonly text: string; readonly time: WrittenTime<T>; readonly advice: string },
): T {
  if (time.kind === 'ok') return time.value;
  const code = time.kind === 'malformed' ? 'bad-moment' : 'not-in-calendar';
  const what = time.kind === 'malformed' ? '' : 'There is no such time. ';
  refuse(context, text, { code, message: `${what}${advice}` });
  return z.NEVER;
}

/** An IANA time zone. The runtime's own list decides what exists. */
export function timeZone() {
  return z
    .string()
    .meta({ title: 'time zone', examples: ['Europe/Berlin', 'America/New_York'] })
    .check((context) => {
      if (isTimeZone(context.value)) return;
      const message = 'Write an IANA time zone such as Europe/Berlin, America/New_York or UTC.';
      refuse(context, context.value, { code: 'bad-time-zone', message });
    })
    .default('UTC');
}

/** Asking the runtime takes a while, and a file asks for the same few zones. Names that are none are not remembered. */
const knownZones = new Set<string>();
/** There are some 600; spelling them in odd cases must not fill the memory. */
const MOST_ZONES = 1_000;

function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  // `Intl` knows offsets such as +01:00 too, which are no IANA names.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    if (knownZones.size < MOST_ZONES) knownZones.add(name);
    return true;
  } catch {
    return false;
  }
}

/** A text that is not empty, at most `longest` characters. */
export function text({ longest }: { readonly longest: number }) {
  return z.string().min(1).max(longest);
}

/** A pattern of the policy language. */
export function pattern() {
  return z
    .string()
    .min(1)
    .meta({ title: 'pattern' })
    .check((context) => {
      const problem = patternProblem(context.value);
      if (problem === null) return;
      const message =
        problem.reason === 'unclosed-brace'
          ? `Close the brace that opens at character ${problem.offset + 1} of the pattern, as in {a,b}.`
          : 'Write a pattern of at most 1024 characters.';
      refuse(context, context.value, { code: 'bad-pattern', message });
    });
}

/** The name of one environment, where a pattern has no meaning. */
export function exactEnvironment() {
  return text({ longest: 255 }).check((context) => {
    if (!isPattern(context.value)) return;
    const message = 'Write the name of one environment: a pattern (*, ? or {) cannot be used here.';
    refuse(context, context.value, { code: 'bad-name', message });
  });
}

/** A name of the form that `form` describes. */
export function named({ form, advice }: { readonly form: RegExp; readonly advice: string }) {
  return z
    .string()
    .meta({ pattern: form.source })
    .check((context) => {
      if (form.test(context.value)) return;
      refuse(context, context.value, { code: 'bad-name', message: advice });
    });
}
