/**
 * An event loop in which time passes only when nothing else is left to do. Worlds lived through in it are the same each
 * time whatever the machine is busy with, do not wait for their own deadlines, and say so when they have come to a halt.
 */

interface Task {
  readonly due: number;
  readonly run: () => void;
}

/** What `setTimeout` and `setImmediate` return. */
class Handle {
  readonly task: Task;

  constructor(task: Task) {
    this.task = task;
  }

  unref(): this {
    return this;
  }

  ref(): this {
    return this;
  }
}

/** Turns after which something goes round in circles. */
const patience = 200_000;

const real = { setTimeout, clearTimeout, setImmediate, clearImmediate, now: performance.now };

class EventLoop {
  readonly #pace: () => number;
  readonly #immediates = new Set<Task>();
  readonly #timers = new Set<Task>();
  #now = 1;

  constructor(pace: () => number) {
    this.#pace = pace;
  }

  install(): void {
    const globals = globalThis as unknown as Record<string, unknown>;
    globals['setTimeout'] = (run: () => void, delay = 0) => {
      const task = { due: this.#now + Math.max(1, delay), run };
      this.#timers.add(task);
      return new Handle(task);
    };
    globals['setImmediate'] = (run: () => void) => {
      const task = { due: this.#now, run };
      this.#immediates.add(task);
      return new Handle(task);
    };
    globals['clearTimeout'] = (handle: Handle | undefined) => void (handle && this.#timers.delete(handle.task));
    globals['clearImmediate'] = (handle: Handle | undefined) => void (handle && this.#immediates.delete(handle.task));
    performance.now = () => (this.#now += this.#pace());
  }

  uninstall(): void {
    Object.assign(globalThis, {
      setTimeout: real.setTimeout,
      clearTimeout: real.clearTimeout,
      setImmediate: real.setImmediate,
      clearImmediate: real.clearImmediate,
    });
    performance.now = real.now;
  }

  /** Goes on until `isOver`. Promises settle between any two tasks, as in a real event loop. */
  async turn(isOver: () => boolean): Promise<void> {
    for (let turns = 0; ; turns++) {
      await new Promise<void>((resolve) => real.setImmediate(resolve));
      if (isOver()) return;
      if (turns > patience) throw new Error('goes on for ever');
      const task = this.#next();
      if (task === undefined) throw new Error('comes to a halt: nothing is left to do, and it is not over');
      task.run();
    }
  }

  #next(): Task | undefined {
    let timer: Task | undefined;
    for (const task of this.#timers) if (timer === undefined || task.due < timer.due) timer = task;
    const [immediate] = this.#immediates;
    if (immediate !== undefined && (timer === undefined || timer.due > this.#now)) {
      this.#immediates.delete(immediate);
      return immediate;
    }
    if (timer === undefined) return undefined;
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, timer.due);
    return timer;
  }
}

/**
 * Runs `live` with timers and `performance` of its own. `pace` is how many ms pass from one look at the clock to the next.
 * Throws when it never ends. Not to be nested, nor to be used while other work of this process relies on timers.
 */
export async function inSimulatedTime(live: () => Promise<void>, pace: () => number): Promise<void> {
  const loop = new EventLoop(pace);
  loop.install();
  try {
    let isOver = false;
    const life = live().finally(() => (isOver = true));
    life.catch(() => {});
    await loop.turn(() => isOver);
    await life;
  } finally {
    loop.uninstall();
  }
}
