import * as z from 'zod';
import type { ConfigDeclaration } from '../config/declaration.ts';
import { messageOf } from '../errors.ts';
import { type LogLevel, parseLevel } from './levels.ts';
import type { Logs } from './logs.ts';

const level = z.string().transform((text, context): LogLevel => {
  try {
    return parseLevel(text);
  } catch (error) {
    context.issues.push({ code: 'custom', input: text, message: messageOf(error) });
    return z.NEVER;
  }
});

/** `logs.conf`, with Ligato's names. */
export const logsSchema = z.strictObject({
  'default-level': level.default('info').describe('level of every logger that has none of its own'),
  loggers: z
    .array(z.strictObject({ name: z.string().min(1), level }))
    .default([])
    .describe('levels by logger; that of a plugin holds for its children'),
  format: z.enum(['auto', 'text', 'json']).default('auto').describe('auto: text on a terminal, json otherwise'),
});

export const logsDeclaration: ConfigDeclaration = {
  plugin: 'logs',
  schema: logsSchema,
  options: [
    { key: 'default-level', env: 'INITIAL_LOGLVL', flag: 'log-level', description: 'level of all loggers' },
    { key: 'format', env: 'LOG_FORMAT', flag: 'log-format', description: 'auto, text or json' },
  ],
  legacyKeys: {
    hooks: { ignored: 'lines are written to standard error; let the log collector of the host forward them' },
  },
  optional: false,
};

/** Applies `logs.conf`. */
export function configureLogs(logs: Logs, config: z.output<typeof logsSchema>): void {
  logs.setFormat(config.format);
  logs.configure('default', config['default-level']);
  for (const logger of config.loggers) logs.configure(logger.name, logger.level);
}
