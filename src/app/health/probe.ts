import { messageOf } from '../errors.ts';
import type { Health } from './health.ts';

/** Looks whether a plugin is well; throws when it is not, with a message that says why. */
export type HealthProbe = (signal: AbortSignal) => Promise<void> | void;

export interface ProbeOptions {
  /** ms between the end of one probe and the start of the next. Default: 5000. */
  readonly period?: number;
  /** ms after which a probe counts as failed and its signal aborts. Default: the period. */
  readonly timeout?: number;
}

/** Probes until the signal aborts; the first probe runs at once. Resolves when the last one has ended. */
export async function runProbe(
  health: Health,
  plugin: string,
  probe: HealthProbe,
  signal: AbortSignal,
  options: ProbeOptions = {},
): Promise<void> {
  const period = options.period ?? 5000;
  while (!signal.aborted) {
    const reason = await probeOnce(probe, signal, options.timeout ?? period);
    if (signal.aborted) return;
    if (reason === undefined) health.report(plugin, 'ok');
    else health.report(plugin, 'error', reason);
    await pause(period, signal);
  }
}

async function probeOnce(probe: HealthProbe, signal: AbortSignal, timeout: number): Promise<string | undefined> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeout);
  timer.unref();
  const ended = AbortSignal.any([signal, limit.signal]);
  const overdue = Promise.withResolvers<never>();
  const onEnd = (): void => overdue.reject(new Error(`no answer within ${timeout} ms`));
  ended.addEventListener('abort', onEnd, { once: true });
  try {
    await Promise.race([(async () => probe(ended))(), overdue.promise]);
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    clearTimeout(timer);
    ended.removeEventListener('abort', onEnd);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
