import type { Logger as PinoLogger } from 'pino';
import type { LogLevel } from './levels.ts';

/** What a plugin logs with. Fields come first, as in `log.info({ key, ms }, 'applied')`; an Error goes in `err`. */
export interface Logger {
  /** `plugin` or `plugin.child`. */
  readonly name: string;
  readonly level: LogLevel;
  trace(message: string): void;
  trace(fields: object, message: string): void;
  debug(message: string): void;
  debug(fields: object, message: string): void;
  info(message: string): void;
  info(fields: object, message: string): void;
  warn(message: string): void;
  warn(fields: object, message: string): void;
  error(message: string): void;
  error(fields: object, message: string): void;
  fatal(message: string): void;
  fatal(fields: object, message: string): void;
  /** To skip work that only a message needs. */
  isLevelEnabled(level: LogLevel): boolean;
  /** The logger `<name>.<child>`, with a level of its own; the same one for the same name. */
  child(name: string): Logger;
}

type Log = { (message: string): void; (fields: object, message: string): void };

/** A logger over pino, which swaps its methods when the level changes: they are looked up at each call. */
export function loggerOver(name: string, pino: PinoLogger, child: (name: string) => Logger): Logger {
  const at =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'): Log =>
    (first: object | string, message?: string): void => {
      if (typeof first === 'string') pino[level](first);
      else pino[level](first, message);
    };
  return {
    name,
    get level() {
      return pino.level as LogLevel;
    },
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    isLevelEnabled: (level) => pino.isLevelEnabled(level),
    child,
  };
}
