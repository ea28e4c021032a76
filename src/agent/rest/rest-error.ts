/** What REST answers when it cannot do what was asked; the HTTP server turns the code into a status. */
export class RestError extends Error {
  readonly code: 'invalid' | 'not-found' | 'failed' | 'conflict' | 'unimplemented' | 'busy';
  readonly field: string | undefined;
  readonly problems: readonly unknown[] | undefined;

  constructor(code: RestError['code'], message: string, field?: string, problems?: readonly unknown[]) {
    super(message);
    this.name = 'RestError';
    this.code = code;
    this.field = field;
    this.problems = problems;
  }
}
