import { AppError, messageOf } from '../errors.ts';
import type { PluginNode } from './graph.ts';
import type { PluginRuntime } from './runtime.ts';

/** The plugins that are up, in the order in which they came up. */
export interface Running {
  readonly started: readonly PluginRuntime[];
}

/**
 * Starts all plugins, each as soon as what it needs is up, then calls `started` on each in order. When one fails, those still
 * starting are told to give up and awaited, and everything that is up is stopped again. Errors: AppError; `errors` has all of
 * them when there are several.
 */
export async function startAll(runtimes: readonly PluginRuntime[], signal: AbortSignal): Promise<Running> {
  const started: PluginRuntime[] = [];
  const errors: unknown[] = [];
  const busy = new Set<PluginRuntime>();
  // Those that are up keep their signal until it is their turn to stop: others may still need them.
  const giveUp = (reason: unknown): void => {
    for (const runtime of busy) runtime.abort(reason);
  };
  const onAbort = (): void => giveUp(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await startConcurrently(runtimes, signal, { started, errors, busy, giveUp });
    if (errors.length === 0) await callStarted(runtimes, signal, { started, errors, busy, giveUp });
    if (signal.aborted) errors.unshift(signal.reason);
    if (errors.length === 0) {
      for (const runtime of started) runtime.isUp = true;
      return { started };
    }
    errors.push(...(await stopAll(started)));
    throw together(errors);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

interface Progress {
  readonly started: PluginRuntime[];
  readonly errors: unknown[];
  /** Those whose code is running. */
  readonly busy: Set<PluginRuntime>;
  readonly giveUp: (reason: unknown) => void;
}

async function startConcurrently(
  runtimes: readonly PluginRuntime[],
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const { started, errors, busy, giveUp } = progress;
  const byNode = new Map(runtimes.map((runtime) => [runtime.node, runtime]));
  const begun = new Map<PluginNode, Promise<boolean>>();
  const begin = async (runtime: PluginRuntime): Promise<boolean> => {
    const needed = runtime.node.needs.flatMap(({ node }) => (node === undefined ? [] : (begun.get(node) ?? [])));
    const up = await Promise.all(needed);
    if (up.includes(false) || errors.length > 0 || signal.aborted) return false;
    busy.add(runtime);
    try {
      await runtime.start(apisOf(runtime.node, byNode));
      started.push(runtime);
      return true;
    } catch (error) {
      errors.push(error);
      giveUp(error);
      return false;
    } finally {
      busy.delete(runtime);
    }
  };
  // Runtimes are in dependency order, so that what a plugin needs has begun before it.
  for (const runtime of runtimes) begun.set(runtime.node, begin(runtime));
  await Promise.all(begun.values());
}

function apisOf(node: PluginNode, byNode: ReadonlyMap<PluginNode, PluginRuntime>): Record<string, unknown> {
  const apis: Record<string, unknown> = {};
  for (const { alias, node: needed } of node.needs) {
    apis[alias] = needed === undefined ? undefined : byNode.get(needed)?.api;
  }
  return apis;
}

async function callStarted(runtimes: readonly PluginRuntime[], signal: AbortSignal, progress: Progress): Promise<void> {
  for (const runtime of runtimes) {
    if (signal.aborted) return;
    progress.busy.add(runtime);
    try {
      await runtime.started();
    } catch (error) {
      progress.errors.push(error);
      return;
    } finally {
      progress.busy.delete(runtime);
    }
  }
}

/** Stops in reverse: first nobody lets new work in, then each gives back what it has. Returns what went wrong. */
export async function stopAll(started: readonly PluginRuntime[]): Promise<AppError[]> {
  const errors: AppError[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      errors.push(error instanceof AppError ? error : new AppError('stop-failed', messageOf(error), { cause: error }));
    }
  };
  const reverse = started.toReversed();
  for (const runtime of reverse) await attempt(() => runtime.stopping());
  for (const runtime of reverse) await attempt(() => runtime.stop());
  return errors;
}

/** The first error, with all of them inside when there are more. */
function together(errors: readonly unknown[]): AppError {
  const [first] = errors;
  const error = first instanceof AppError ? first : new AppError('aborted', messageOf(first), { cause: first });
  if (errors.length === 1) return error;
  const others = errors.slice(1).map(messageOf).join('; ');
  return new AppError(error.code, `${error.message} (also: ${others})`, {
    cause: error,
    errors,
    retriable: error.retriable,
    ...(error.plugin === undefined ? {} : { plugin: error.plugin }),
  });
}
