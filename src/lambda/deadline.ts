/** What Lambda says about a call. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** Milliseconds that are kept for telling SQS and answering. */
const RESERVE = 10_000;

/** A call's time, as far as work may take it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** To be called once the work is done. */
  clear(): void;
}

/** Aborts a while before Lambda ends the call, a quarter of what is left at most. */
export function deadlineOf(invocation: Invocation): Deadline {
  const left = invocation.getRemainingTimeInMillis();
  const controller = new AbortController();
  const timer = setTimeout(
    () => {
      controller.abort();
    },
    left - Math.min(RESERVE, left / 4),
  );
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
    },
  };
}

/** Resolves when `work` does, or when the time is over. */
export async function inTime(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let done = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    done = resolve;
    signal.addEventListener('abort', done, { once: true });
  });
  await Promise.race([work, over]);
  signal.removeEventListener('abort', done);
}
