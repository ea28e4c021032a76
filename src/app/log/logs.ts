import { type DestinationStream, pino, stdSerializers, stdTimeFunctions, type Logger as PinoLogger } from 'pino';
import { suggest } from '../config/suggest.ts';
import { AppError } from '../errors.ts';
import { humanLine, type LogFormat } from './format.ts';
import { type LogLevel, parseLevel } from './levels.ts';
import { type Logger, loggerOver } from './logger.ts';
import { redactFields, SecretTexts } from './redact.ts';

export interface LogsOptions {
  /** Default: `info`. */
  readonly defaultLevel?: LogLevel;
  /** Default: `auto`. */
  readonly format?: LogFormat;
  /** Where lines go. Default: standard error, so that standard output stays for results. */
  readonly destination?: LogDestination;
}

export interface LogDestination {
  write(line: string): void;
  /** True on a terminal. */
  readonly isTTY?: boolean;
}

export interface LogListing {
  readonly logger: string;
  readonly level: LogLevel;
}

const validName = /^[a-zA-Z0-9.-]+$/;

/** The name under which the level of all loggers without one of their own is set. */
export const defaultLogger = 'default';

/** All loggers of one application: made once by name, levels changeable at any time. */
export class Logs {
  readonly #root: PinoLogger;
  readonly #secrets = new SecretTexts();
  readonly #loggers = new Map<string, { readonly logger: Logger; readonly pino: PinoLogger }>();
  /** Levels set by name, also for loggers that do not exist yet. */
  readonly #levels = new Map<string, LogLevel>();
  readonly #listeners = new Set<(changed: LogListing) => void>();
  #defaultLevel: LogLevel;
  #format: LogFormat;

  constructor(options: LogsOptions = {}) {
    this.#defaultLevel = options.defaultLevel ?? 'info';
    this.#format = options.format ?? 'auto';
    this.#root = pino(
      {
        level: this.#defaultLevel,
        base: null,
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }), log: (fields) => redactFields(fields) as Record<string, unknown> },
        serializers: { err: stdSerializers.err },
      },
      this.#stream(options.destination ?? process.stderr),
    );
  }

  /** The logger of that name. Errors: AppError `usage` when the name has characters that do not fit in a URL. */
  logger(name: string): Logger {
    const existing = this.#loggers.get(name);
    if (existing !== undefined) return existing.logger;
    if (!validName.test(name))
      throw new AppError('usage', `logger name ${JSON.stringify(name)} must match ${validName.source}`);
    const child = this.#root.child({ logger: name });
    child.level = this.#effective(name);
    const logger = loggerOver(name, child, (suffix) => this.logger(`${name}.${suffix}`));
    this.#loggers.set(name, { logger, pino: child });
    return logger;
  }

  /** Every logger and its level, by name, `default` first. */
  list(): LogListing[] {
    const loggers = [...this.#loggers].map(
      ([
        logger,
        {
          pino: { level },
        },
      ]) => ({ logger, level: level as LogLevel }),
    );
    loggers.sort((a, b) => (a.logger < b.logger ? -1 : 1));
    return [{ logger: defaultLogger, level: this.#defaultLevel }, ...loggers];
  }

  /** Sets a level for good: `default`, a logger, or a plugin, whose children follow. May name one that will exist later. */
  configure(name: string, level: LogLevel): void {
    if (name === defaultLogger) this.#defaultLevel = level;
    else this.#levels.set(name, level);
    for (const [logger, { pino: instance }] of this.#loggers) instance.level = this.#effective(logger);
    for (const listener of this.#listeners) listener({ logger: name, level });
  }

  /** Calls `listener` with each level that is set. Returns the function that ends this. */
  onLevel(listener: (changed: LogListing) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** As {@link configure}, from the outside. Errors: AppError `not-found` for an unknown logger, `invalid` for a level. */
  setLevel(name: string, level: string): LogListing {
    const parsed = parseLevel(level);
    const known = [defaultLogger, ...this.#loggers.keys()];
    if (!known.includes(name)) {
      const guess = suggest(name, known);
      const hint = guess === undefined ? '' : `; did you mean ${guess}?`;
      throw new AppError('not-found', `there is no logger ${JSON.stringify(name)}${hint}`, { field: 'logger' });
    }
    this.configure(name, parsed);
    return { logger: name, level: parsed };
  }

  setFormat(format: LogFormat): void {
    this.#format = format;
  }

  /** From now on this text is masked in every line. Texts of fewer than 6 characters are not looked for. */
  addSecret(text: string): void {
    this.#secrets.add(text);
  }

  /** Its own level, else that of the nearest ancestor that has one (`a.b` for `a.b.c`), else the default. */
  #effective(name: string): LogLevel {
    for (let ancestor = name; ancestor !== ''; ancestor = ancestor.slice(0, Math.max(0, ancestor.lastIndexOf('.')))) {
      const level = this.#levels.get(ancestor);
      if (level !== undefined) return level;
    }
    return this.#defaultLevel;
  }

  #stream(destination: LogDestination): DestinationStream {
    const terminal = destination.isTTY === true;
    return {
      write: (line) => {
        const safe = this.#secrets.mask(line);
        const human = this.#format === 'text' || (this.#format === 'auto' && terminal);
        destination.write(human ? humanLine(safe, terminal) : safe);
      },
    };
  }
}
