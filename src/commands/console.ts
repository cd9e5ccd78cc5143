import { escapeInvisible } from '../logging/invisible.ts';
import { createPaint, type Paint } from '../reports/paint.ts';

/** Where a command speaks: its result goes to stdout, everything else to stderr. */
export interface Console {
  /** A line of the result. */
  readonly print: (line: string) => void;
  /** The one document of `--json`. */
  readonly printDocument: (document: object) => void;
  /** A line about the result, for people. */
  readonly say: (line: string) => void;
  /** Colour for what is printed. */
  readonly paint: Paint;
}

/** The process's own. A reader that goes away early (`| head`) is no failure. */
export function createConsole(environment: NodeJS.ProcessEnv): Console {
  const { stdout } = process;
  stdout.on('error', leaveQuietly);
  return {
    print: (line) => void stdout.write(`${line}\n`),
    printDocument: (document) => void stdout.write(`${escapeInvisible(JSON.stringify(document, null, 2))}\n`),
    say: (line) => void process.stderr.write(`${line}\n`),
    paint: createPaint(stdout, environment),
  };
}

function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}
