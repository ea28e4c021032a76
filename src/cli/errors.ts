/** `usage`: the command line is wrong (exit code 2). `failed`: it could not be done (1). `differs`: `--exit-code` asked to tell (3). */
export type CliErrorCode = 'usage' | 'failed' | 'differs';

export class CliError extends Error {
  readonly code: CliErrorCode;
  /** More lines for standard error: one for each thing that is wrong. */
  readonly lines: readonly string[];

  constructor(code: CliErrorCode, message: string, lines: readonly string[] = []) {
    super(message);
    this.name = 'CliError';
    this.code = code;
    this.lines = lines;
  }
}

/** Exit codes: 0 done, 1 failed, 2 wrong usage, 3 `--exit-code` and something would change, 4 agent not reachable. */
export function exitCodeOf(error: unknown): number {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'usage') return 2;
  if (code === 'differs') return 3;
  return code === 'unreachable' || code === 'timeout' ? 4 : 1;
}
