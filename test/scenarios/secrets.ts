/** Everything that a scenario's server has let out: its log, its metrics, and what it wrote on GitHub. */
export interface LetOut {
  readonly log: string;
  readonly metrics: string;
  readonly written: string;
}

interface Secrets {
  readonly privateKey: string;
  readonly webhookSecret: string;
}

/** Tokens are known by how they begin: GitHub promises no length. */
const FORMS: readonly (readonly [what: string, form: RegExp])[] = [
  ['a token', /\bgh[a-z]_[A-Za-z0-9]|\bgithub_pat_|\bv1\.[0-9a-f]{40}/],
  ['a JSON Web Token', /\beyJ[\w-]+\.[\w-]*/],
  ['a signature of a delivery', /sha(?:1|256)=[0-9a-f]/i],
  ['an authorization header', /\bauthorization\b/i],
  ['a token in a header', /\b(?:bearer|token) [\w-]{20,}/i],
  ['a private key', /PRIVATE KEY/],
];

/** What of the app's secrets stands in what it let out, and where. */
export function findSecrets(out: LetOut, secrets: Secrets): readonly string[] {
  const [, ...key] = secrets.privateKey.split('\n');
  // Any line of it is too much of it.
  const values = [secrets.webhookSecret, ...key.filter((line) => line.length > 20)];
  return Object.entries(out).flatMap(([where, text]: [string, string]) => [
    ...FORMS.filter(([, form]) => form.test(text)).map(([what]) => `${what} is in ${where}`),
    ...(values.some((value) => text.includes(value)) ? [`a secret is in ${where}`] : []),
  ]);
}
