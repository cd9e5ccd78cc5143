import { compareDiagnostics, type Diagnostic, type PolicyPath, type TextRange } from './diagnostics.ts';
import { findingsOf } from './findings.ts';
import { checkPatternCosts } from './pattern-costs.ts';
import { placeFinding, type Locate } from './place.ts';
import { checkReferences, valueIn } from './references.ts';
import { toPolicy } from './salvage.ts';
import type { Policy } from './schema.ts';
import { policySchema } from './schema/policy.ts';
import { indexLines, type Lines } from './yaml/lines.ts';
import { readYaml } from './yaml/read.ts';
import { nodeAt, plainValue, type YamlNode } from './yaml/tree.ts';

/** What came of a policy file. */
export interface ParsedPolicy {
  /**
   * Null where the file does not parse. Where a value of an entry is out of its range, that entry is `unusable` and the
   * rest of the policy holds.
   */
  readonly policy: Policy | null;
  /** Everything that is wrong, by place in the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of which repositories the file speaks, as far as it tells where it does not parse. */
  readonly reach: Reach;
  /** Where the value at `path` stands (for `'key'`: the key itself); null where the file does not say it. */
  readonly locate: Locate;
}

/** Of which of its owner's repositories an organisation's file speaks: those that match a pattern. */
export type Reach = 'all' | 'unknown' | readonly string[];

/** Nobody reads more, and a hostile file could have a hundred thousand. */
const MOST_DIAGNOSTICS = 200;

/**
 * Reads a policy file. Never throws, whatever the file holds, in work bounded by 256 KiB. All problems are found at
 * once; only a file that is not YAML has one alone.
 */
export function parsePolicy(file: string | Uint8Array): ParsedPolicy {
  const read = readYaml(file);
  const lines = indexLines(read.text);
  if (read.kind === 'problem') {
    const { code, message, span } = read.problem;
    return unparsed({ severity: 'error', code, message, path: [], effect: 'file', ...lines.rangeOf(span) });
  }
  const { root } = read;
  if (root === null || (root.kind === 'scalar' && root.value === null)) {
    const message = 'Write `version: 1` and your rules, or delete the file: there is nothing in it.';
    return unparsed({
      severity: 'error',
      code: 'empty-file',
      message,
      path: [],
      effect: 'file',
      ...lines.rangeOf(START),
    });
  }
  const value = plainValue(root);
  const outcome = policySchema.safeParse(value);
  const valueAt = (path: PolicyPath): unknown => {
    const found = nodeAt(root, path);
    return found === null ? undefined : plainValue(found.node);
  };
  const at: Locate = (path, part = 'value') => locate(path, { root, lines, at: part });
  const findings = [
    ...(outcome.success ? [] : findingsOf(outcome.error.issues, valueAt)),
    ...checkReferences(value),
    ...checkPatternCosts(value),
  ];
  const placed = findings.map((finding) => placeFinding(finding, at)).sort(compareDiagnostics);
  return {
    policy: toPolicy(value, placed),
    diagnostics: cutOff(placed),
    reach: reachOf(value),
    locate: at,
  };
}

const START = { start: 0, end: 0 };

function unparsed(diagnostic: Diagnostic): ParsedPolicy {
  return { policy: null, diagnostics: [diagnostic], reach: 'unknown', locate: () => null };
}

/** A file with errors that does not say it may have it misspelled. */
function reachOf(file: unknown): Reach {
  const { data } = policySchema.shape.repositories.safeParse(valueIn(file, 'repositories'));
  return data ?? 'unknown';
}

interface Source {
  readonly root: YamlNode;
  readonly lines: Lines;
}

function locate(path: PolicyPath, { root, lines, at }: Source & { readonly at: 'key' | 'value' }): TextRange | null {
  const found = nodeAt(root, path);
  if (found === null) return null;
  return lines.rangeOf(at === 'key' && found.pair !== null ? found.pair.keySpan : found.node.span);
}

function cutOff(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const last = diagnostics[MOST_DIAGNOSTICS];
  if (last === undefined) return diagnostics;
  const message = `Mend these first: ${diagnostics.length - MOST_DIAGNOSTICS} more problems are not listed.`;
  return [...diagnostics.slice(0, MOST_DIAGNOSTICS), { ...last, code: 'more-problems', message, effect: 'file' }];
}
