import { messageOf } from '../errors.ts';
import { type ApplicationOptions, startApplication } from './application.ts';

/**
 * Runs an application until it is stopped and says how it went: 0 stopped in good order, 1 failed, 2 wrong usage or
 * configuration. Errors go to standard error, one line each.
 *
 * @example
 * process.exitCode = await runApplication({ plugins: [agent], args: process.argv.slice(2) });
 */
export async function runApplication(options: ApplicationOptions): Promise<number> {
  try {
    const application = await startApplication(options);
    const { failure, errors } = await application.stopped;
    return failure === undefined && errors.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${options.name ?? 'ligature'}: ${messageOf(error)}\n`);
    return isUsage(error) ? 2 : 1;
  }
}

function isUsage(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'usage' || code === 'invalid-config' || code === 'cycle';
}
