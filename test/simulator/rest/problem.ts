const DOCUMENTATION = 'https://docs.github.com/rest';

/** An answer that is not a success, thrown from wherever it was found. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: {
      readonly fields?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.body = { message, ...more.fields, documentation_url: DOCUMENTATION, status: String(status) };
    this.headers = more.headers ?? {};
  }
}

export const notFound = () => new HttpProblem(404, 'Not Found');
export const badCredentials = () => new HttpProblem(401, 'Bad credentials');
export const requiresAuthentication = () => new HttpProblem(401, 'Requires authentication');
export const notAccessible = () => new HttpProblem(403, 'Resource not accessible by integration');
export const conflict = (message: string) => new HttpProblem(409, message);

/** 422 with GitHub's list of errors, or with a message alone. */
export function unprocessable(
  message: string,
  errors?: readonly (string | Readonly<Record<string, unknown>>)[],
): HttpProblem {
  return new HttpProblem(422, message, errors === undefined ? {} : { fields: { errors } });
}

/** One field that GitHub would not take. */
export function invalidField(resource: string, field: string, message?: string): HttpProblem {
  const code = message === undefined ? 'invalid' : 'custom';
  return unprocessable('Validation Failed', [{ resource, field, code, ...(message === undefined ? {} : { message }) }]);
}
