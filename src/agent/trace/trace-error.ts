/** The trace cannot be made as it was asked for (`invalid`), or not here (`unimplemented`), or not now (`failed`). */
export class TraceError extends Error {
  readonly code: 'invalid' | 'unimplemented' | 'failed';
  readonly field: string | undefined;

  constructor(message: string, field?: string, code: TraceError['code'] = 'invalid') {
    super(message);
    this.name = 'TraceError';
    this.code = code;
    this.field = field;
  }
}
