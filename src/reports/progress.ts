/** What takes so long, for somebody who waits at a terminal. */
export interface Progress {
  /** What is done now, and how many steps that takes; null where nobody knows. */
  begin(what: string, total: number | null): void;
  step(): void;
  /** Takes the line away, so that another can be written in its place. */
  clear(): void;
  /** Takes the line away for good. */
  end(): void;
}

/** Milliseconds: what is over sooner needs no line. */
const PATIENCE = 2000;
const REDRAWN = 500;

/** Keeps a line on a terminal up to date. Nothing at all is written to anything else. */
export function createProgress(
  stream: { readonly isTTY?: boolean; write(text: string): unknown },
  clock: () => number = () => performance.now(),
): Progress {
  if (stream.isTTY !== true) return NONE;
  const start = clock();
  let at: { what: string; total: number | null; done: number; since: number } = {
    what: '',
    total: null,
    done: 0,
    since: start,
  };
  let shown = false;

  function clear(): void {
    if (shown) stream.write('\r\u001B[K');
    shown = false;
  }

  function draw(): void {
    const now = clock();
    if (now - start < PATIENCE || at.what === '') return;
    stream.write(`\r\u001B[K${progressLine({ ...at, elapsed: now - at.since })}`);
    shown = true;
  }

  const timer = setInterval(draw, REDRAWN);
  timer.unref();
  return {
    begin(what, total) {
      at = { what, total, done: 0, since: clock() };
      draw();
    },
    step() {
      // Steps come in batches: what the first of one would say of the time that is left is wrong.
      at = { ...at, done: at.done + 1 };
    },
    clear,
    end() {
      clearInterval(timer);
      clear();
    },
  };
}

const NONE: Progress = {
  begin: () => undefined,
  step: () => undefined,
  clear: () => undefined,
  end: () => undefined,
};

/** `Changing acme/shop: 40 of 120, about 12 s left`. `elapsed` is in milliseconds, since the first step began. */
export function progressLine(at: {
  readonly what: string;
  readonly done: number;
  readonly total: number | null;
  readonly elapsed: number;
}): string {
  const { what, done, total, elapsed } = at;
  if (total === null) return `${what}: ${duration(elapsed)} so far`;
  if (done === 0 || done >= total) return `${what}: ${done} of ${total}`;
  return `${what}: ${done} of ${total}, about ${duration((elapsed / done) * (total - done))} left`;
}

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
