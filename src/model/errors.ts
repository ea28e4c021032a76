/** One thing that is wrong with a value: where, and what would be accepted. */
export interface FieldProblem {
  /** Path in proto field names, e.g. `ip_addresses[1]` or `vxlan.vni`; empty for the whole value. */
  readonly field: string;
  readonly message: string;
  /** `name`: the field's name is wrong, not its value. */
  readonly about?: 'name';
}

/**
 * Codes: `invalid-value` (JSON or binary that is not such a message), `invalid-key` (a name that cannot be part of a key),
 * `unknown-model`, `duplicate` (registered already), `usage` (a wrong model definition or call).
 */
export type ModelErrorCode = 'invalid-value' | 'invalid-key' | 'unknown-model' | 'duplicate' | 'usage';

/** The error of this room. Trying again never helps: the input has to change. */
export class ModelError extends Error {
  readonly code: ModelErrorCode;
  /** Name of the model it is about. */
  readonly model: string | undefined;
  readonly problems: readonly FieldProblem[];

  constructor(
    code: ModelErrorCode,
    message: string,
    details: { readonly model?: string; readonly problems?: readonly FieldProblem[]; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ModelError';
    this.code = code;
    this.model = details.model;
    this.problems = details.problems ?? [];
  }
}

/** `field: message` for each problem, joined for one line. */
export function describeProblems(problems: readonly FieldProblem[]): string {
  return problems.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');
}
