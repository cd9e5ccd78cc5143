/** What commands end with. Scripts rely on these: docs/cli.md has them, and a test ties the two together. */
export const EXIT = Object.freeze({
  done: 0,
  /** A policy has errors, or the server must not start. */
  policyErrors: 1,
  /** Wrong usage: an option, a file or a variable. */
  usage: 2,
  /** `--exit-code`: something would change. */
  wouldChange: 3,
  /** Limits or refusals kept some of it from being done. */
  inPart: 4,
  /** `explain`: the deployment would wait. */
  waiting: 5,
  /** `explain`: the deployment would be rejected. */
  rejected: 6,
  /** GitHub could not be reached, refused the token, or has no such repository. */
  github: 7,
} as const);

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command cannot go on. The message is one line for people, and holds no secret. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
