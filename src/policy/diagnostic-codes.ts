/**
 * What a diagnostic does to a run. `file`: the file does not parse. `entry`: that environment is left alone. `none`: a
 * warning.
 */
export type DiagnosticEffect = 'file' | 'entry' | 'none';

/**
 * Every code that a diagnostic can have, with what it means. People filter on them: a code is never renamed or reused.
 * An `entry` code outside of `environments` counts for the whole file.
 */
export const DIAGNOSTIC_CODES = Object.freeze({
  'yaml-syntax': { effect: 'file', means: 'The file is not YAML 1.2.' },
  'yaml-encoding': { effect: 'file', means: 'The file is not UTF-8 text.' },
  'yaml-too-large': {
    effect: 'file',
    means: 'The file is larger than 256 KiB, or holds far too many values with its aliases unfolded.',
  },
  'yaml-too-deep': { effect: 'file', means: 'Lists and mappings are nested deeper than any policy needs.' },
  'yaml-multiple-documents': { effect: 'file', means: 'The file holds more than one YAML document.' },
  'yaml-duplicate-key': { effect: 'file', means: 'A mapping has the same key twice.' },
  'yaml-key': { effect: 'file', means: 'A key is not a plain text, or is a YAML 1.1 merge key.' },
  'yaml-alias': { effect: 'file', means: 'An alias points at no anchor above it, or into itself.' },
  'yaml-tag': {
    effect: 'file',
    means: 'A value has a tag that YAML’s core schema does not know, or that does not fit.',
  },
  'empty-file': { effect: 'file', means: 'There is nothing in the file.' },
  'more-problems': { effect: 'file', means: 'The file has more problems than are listed.' },
  'unknown-key': { effect: 'file', means: 'There is no such key in this place.' },
  'missing-key': { effect: 'file', means: 'A key that this mapping needs is missing.' },
  'one-key': { effect: 'file', means: 'A mapping must have exactly one of several keys.' },
  'empty-value': { effect: 'file', means: 'A key stands there without a value.' },
  'wrong-type': { effect: 'file', means: 'A value has the wrong type: a text instead of a number, say.' },
  'wrong-value': { effect: 'file', means: 'A value is none of those that this key knows.' },
  'bad-duration': { effect: 'file', means: 'A duration is not written like 30m, 12h, 14d or 2w.' },
  'bad-moment': { effect: 'file', means: 'A moment is not written like 2026-12-19T08:00, or a time not like 09:00.' },
  'bad-pattern': { effect: 'file', means: 'A pattern has a brace that is not closed, or is too long.' },
  'too-many-patterns': {
    effect: 'entry',
    means: 'Patterns take more work to match than a policy may ask for: fewer, shorter or with less in braces.',
  },
  'duplicate-name': { effect: 'file', means: 'Two entries have the same name.' },
  'out-of-range': {
    effect: 'entry',
    means: 'A value is too small, too large, too long or too short, or a list too empty or full.',
  },
  'not-in-calendar': { effect: 'entry', means: 'A moment or a time of day does not exist.' },
  'bad-time-zone': { effect: 'entry', means: 'There is no time zone of that IANA name.' },
  'bad-name': {
    effect: 'entry',
    means: 'A name cannot be one: GitHub has no such user, team, app, variable, workflow or label names.',
  },
  'bad-branch-pattern': { effect: 'entry', means: 'GitHub would not take this branch or tag pattern.' },
  'bad-public-key': { effect: 'entry', means: 'A deploy key is not a public SSH key.' },
  'unknown-window': { effect: 'entry', means: 'A gate names a window that the file does not have.' },
  contradiction: { effect: 'entry', means: 'Two values of an entry cannot both hold.' },
  'entry-unreachable': {
    effect: 'none',
    means: 'An entry that nothing can match: an earlier pattern matches all of it.',
  },
  'window-never-opens': { effect: 'none', means: 'A window that never opens.' },
  'window-unused': { effect: 'none', means: 'A window that no gate names.' },
  'freeze-past': { effect: 'none', means: 'A freeze that is over.' },
  'freeze-empty': { effect: 'none', means: 'A freeze that ends before it begins, or covers no environment.' },
  'organisation-only': { effect: 'none', means: 'A key that only counts in an organisation’s file.' },
  nobody: { effect: 'none', means: 'A list of who may that names nobody, or of refs that names none.' },
  'waits-for-itself': { effect: 'none', means: 'An entry that waits for its own environment.' },
  'no-effect': { effect: 'none', means: 'A key that does nothing beside the others, or without another.' },
  'odd-public-key': { effect: 'none', means: 'A public key that GitHub will probably not take.' },
  'environment-missing': {
    effect: 'none',
    means: 'A gate or a promotion looks at an environment that does not exist.',
  },
  'deployment-false': {
    effect: 'none',
    means:
      'A workflow job uses the environment with `deployment: false`: protection rules of apps are not asked there.',
  },
  'no-code-owner': {
    effect: 'none',
    means: 'No CODEOWNERS entry covers the policy: anyone who can write may change it.',
  },
} as const satisfies Readonly<Record<string, { readonly effect: DiagnosticEffect; readonly means: string }>>);

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
