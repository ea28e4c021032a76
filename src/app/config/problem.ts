import { AppError, type ConfigProblem } from '../errors.ts';

/** `etcd.conf:3:1: dial-timeout: expected ...` */
export function problemLine(problem: ConfigProblem): string {
  const place =
    problem.line === undefined ? problem.source : `${problem.source}:${problem.line}:${problem.column ?? 1}`;
  const named = problem.field === '' || problem.message.startsWith('unknown key') ? '' : `${problem.field}: `;
  return `${place}: ${named}${problem.message}`;
}

/** One error for any number of problems. */
export function configError(problems: readonly ConfigProblem[]): AppError {
  const first = problems[0];
  return new AppError('invalid-config', problems.map(problemLine).join('\n'), {
    problems,
    ...(first?.plugin === undefined ? {} : { plugin: first.plugin }),
    ...(first === undefined ? {} : { field: first.field }),
    ...(first?.file === undefined ? {} : { file: first.file }),
    ...(first?.line === undefined ? {} : { line: first.line }),
  });
}
