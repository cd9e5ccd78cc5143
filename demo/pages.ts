import type { Paint } from './paint.ts';

const MARGIN = '         ';
/** Columns, margin included: what a terminal that nobody widened has room for, and a little. */
const WIDTH = 96;

/** Everything that the demo says, in the form in which it is read. */
export interface Pages {
  title(text: string): void;
  /** A step of the day. */
  heading(time: string, text: string): void;
  /** What people did, or what happened to them. */
  tell(text: string): void;
  /** A file's lines. */
  quote(text: string): void;
  /** What Lockkeeper did, and why. */
  change(what: string, why: string): void;
  /** What it would have done. */
  wouldChange(what: string, why: string): void;
  /** What it wants people to know. */
  warn(what: string, why: string): void;
  /** That there is more of what was just told. */
  more(text: string): void;
  /** What there is no need to do. */
  quiet(text: string): void;
  check(promise: string, result: { readonly kept: boolean; readonly detail: string }): void;
  cost(text: string): void;
  paragraph(text: string): void;
  table(rows: readonly (readonly [string, string])[]): void;
  end(): void;
}

export function createPages(write: (text: string) => void, paint: Paint): Pages {
  const line = (text = ''): void => {
    write(`${text}\n`);
  };
  const marked = (mark: string, text: string): void => {
    for (const [index, part] of wrap(text, WIDTH - MARGIN.length - 2).entries()) {
      line(`${MARGIN}${index === 0 ? mark : ' '} ${part}`);
    }
  };
  const because = (why: string): void => {
    for (const part of wrap(why, WIDTH - MARGIN.length - 4)) line(`${MARGIN}    ${paint('dim', part)}`);
  };
  return {
    title(text) {
      line();
      line(`  ${paint('bold', text)}`);
    },
    heading(time, text) {
      line();
      line(`  ${paint('cyan', time)}  ${paint('bold', text)}`);
    },
    tell(text) {
      marked(paint('dim', '·'), text);
    },
    quote(text) {
      for (const long of text.trimEnd().split('\n')) {
        // Short lines are left alone: a file's indentation means something.
        const room = WIDTH - MARGIN.length - 2;
        const parts = long.length > room ? wrap(long, room - 2) : [long];
        for (const [i, part] of parts.entries()) line(`${MARGIN}${paint('dim', `│ ${i === 0 ? '' : '  '}${part}`)}`);
      }
    },
    change(what, why) {
      marked(paint('magenta', '▸'), what);
      because(why);
    },
    wouldChange(what, why) {
      marked(paint('yellow', '▹'), `would: ${what}`);
      because(why);
    },
    warn(what, why) {
      marked(paint('yellow', '!'), what);
      because(why);
    },
    more: because,
    quiet(text) {
      marked(paint('dim', '='), paint('dim', text));
    },
    check(promise, { kept, detail }) {
      marked(kept ? paint('green', '✓') : paint('red', '✗'), kept ? promise : paint('red', promise));
      if (!kept) because(detail);
    },
    cost(text) {
      line(`${MARGIN}${paint('dim', text)}`);
    },
    paragraph(text) {
      line();
      for (const part of wrap(text, WIDTH - 2)) line(`  ${part}`);
    },
    table(rows) {
      const width = Math.max(...rows.map(([name]) => name.length));
      line();
      for (const [name, value] of rows) line(`  ${paint('dim', name.padEnd(width))}  ${value}`);
    },
    end() {
      line();
    },
  };
}

/** Breaks text at spaces. A word that is longer than a line stays whole: it may be a name to copy. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
