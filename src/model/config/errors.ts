/** A place in a file, lines and columns from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in a configuration file. */
export interface ConfigProblem extends Position {
  /** Field path, e.g. `vppConfig.interfaces[2].vxlan.vni`; empty when the file as a whole is meant. */
  readonly path: string;
  readonly message: string;
}

/** A configuration that cannot be read, with all that is wrong with it. Trying again never helps: the file has to change. */
export class ConfigurationError extends Error {
  readonly problems: readonly ConfigProblem[];
  /** True when reading was given up and there may be more problems than listed. */
  readonly truncated: boolean;

  constructor(problems: readonly ConfigProblem[], truncated = false) {
    super(summary(problems, truncated));
    this.name = 'ConfigurationError';
    this.problems = problems;
    this.truncated = truncated;
  }
}

/** `file:line:column: path: message`, the form editors and terminals make links of. */
export function formatProblem({ file, line, column, path, message }: ConfigProblem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}

function summary(problems: readonly ConfigProblem[], truncated: boolean): string {
  const [first, ...others] = problems;
  if (first === undefined) return 'the configuration is wrong';
  const more = truncated ? ' (and more)' : others.length > 0 ? ` (and ${others.length} more)` : '';
  return formatProblem(first) + more;
}
