import type { Logger } from './logger.ts';

const nothing = (): void => {};

/** For those who have nobody to tell: tests, and engines without a log. */
export const silentLogger: Logger = {
  name: 'silent',
  level: 'fatal',
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  isLevelEnabled: () => false,
  child: () => silentLogger,
};
