import type { PolicyPath, TextRange } from '../diagnostics.ts';
import type { ParsedPolicy } from '../parse.ts';
import type { Policy } from '../schema.ts';

/** A policy file that parsed. */
export interface PolicySource {
  /** As people name it: `.github/deployments.yml`, `acme/.github/.github/deployments.yml`. */
  readonly file: string;
  readonly policy: Policy;
  readonly locate: ParsedPolicy['locate'];
  /** The commit on the default branch that last changed the file; null where it is not known, or not committed. */
  readonly commit: string | null;
}

/** Where a value of the policy in force was written. */
export interface Origin extends TextRange {
  readonly file: string;
  readonly commit: string | null;
}

/** Something that a repository's file says and that does not count. */
export interface Overruled {
  /** In the repository's file. */
  readonly path: PolicyPath;
  readonly at: Origin | null;
  /** What overrules it. */
  readonly by: Origin | null;
  /** A sentence for the repository's report. */
  readonly message: string;
}

/** The policy in force in a repository. */
export interface EffectivePolicy extends Policy {
  /** Where the value at `path` of this policy was written; null for a default that no file says. */
  readonly originOf: (path: PolicyPath) => Origin | null;
  readonly overruled: readonly Overruled[];
}

/** From which file and place the part at `path` of the policy in force comes. */
export interface Trace {
  readonly path: PolicyPath;
  readonly source: PolicySource;
  readonly from: PolicyPath;
}

/** Where a file says something, or the nearest place around it; null where it says nothing of it at all. */
export function originIn(source: PolicySource, path: PolicyPath): Origin | null {
  const range = source.locate(path);
  return range === null ? null : { file: source.file, commit: source.commit, ...range };
}

/** Looks up origins in a list of traces: the longest one that leads to a path speaks. */
export function traceOrigins(traces: readonly Trace[]): (path: PolicyPath) => Origin | null {
  return (path) => {
    const leading = traces.filter((trace) => trace.path.every((step, index) => path[index] === step));
    const trace = leading.sort((a, b) => b.path.length - a.path.length)[0];
    if (trace === undefined) return null;
    for (let length = path.length; length >= trace.path.length; length -= 1) {
      const origin = originIn(trace.source, [...trace.from, ...path.slice(trace.path.length, length)]);
      if (origin !== null) return origin;
    }
    return null;
  };
}
