/** Ligato's states: 0, 1 and 2 on the wire. */
export type HealthState = 'init' | 'ok' | 'error';

export interface PluginHealth {
  readonly plugin: string;
  readonly state: HealthState;
  /** Why it is not `ok`. */
  readonly reason: string | undefined;
  /** A plugin that is not fatal does not make the agent unhealthy. */
  readonly fatal: boolean;
  /** ms since the epoch: when the state last became another one. */
  readonly lastChange: number;
  /** ms since the epoch: when it was last reported. */
  readonly lastUpdate: number;
}

export interface HealthSnapshot {
  /** The worst state of the fatal plugins. */
  readonly state: HealthState;
  readonly plugins: readonly PluginHealth[];
  readonly startTime: number;
  readonly lastChange: number;
  readonly lastUpdate: number;
}

export type HealthListener = (plugin: PluginHealth, agent: HealthState) => void;

const severity: Readonly<Record<HealthState, number>> = { ok: 0, init: 1, error: 2 };

/** The health of all plugins of one application. Knows nothing of time but the clock it is given. */
export class Health {
  readonly #plugins = new Map<string, PluginHealth>();
  readonly #listeners = new Set<HealthListener>();
  readonly #now: () => number;
  readonly #startTime: number;
  #state: HealthState = 'ok';
  #lastChange: number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#startTime = now();
    this.#lastChange = this.#startTime;
  }

  /** Enters a plugin in state `init`. */
  register(plugin: string, options: { readonly fatal?: boolean } = {}): void {
    this.#set(plugin, 'init', undefined, options.fatal ?? true);
  }

  /** Reports a state; an unknown plugin is entered as a fatal one. */
  report(plugin: string, state: HealthState, reason?: string): void {
    this.#set(plugin, state, reason, this.#plugins.get(plugin)?.fatal ?? true);
  }

  /** Errors of these plugins no longer show in the state of the agent. */
  setNonFatal(plugins: readonly string[]): void {
    for (const name of plugins) {
      const plugin = this.#plugins.get(name);
      if (plugin !== undefined) this.#plugins.set(name, { ...plugin, fatal: false });
    }
    this.#aggregate(this.#now());
  }

  forget(plugin: string): void {
    this.#plugins.delete(plugin);
    this.#aggregate(this.#now());
  }

  get(plugin: string): PluginHealth | undefined {
    return this.#plugins.get(plugin);
  }

  snapshot(): HealthSnapshot {
    const plugins = [...this.#plugins.values()];
    const lastUpdate = plugins.reduce((latest, { lastUpdate: time }) => Math.max(latest, time), this.#startTime);
    return { state: this.#state, plugins, startTime: this.#startTime, lastChange: this.#lastChange, lastUpdate };
  }

  /** Called after every report. Returns how to stop listening. */
  listen(listener: HealthListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(name: string, state: HealthState, reason: string | undefined, fatal: boolean): void {
    const now = this.#now();
    const before = this.#plugins.get(name);
    const lastChange = before === undefined || before.state !== state ? now : before.lastChange;
    const plugin: PluginHealth = { plugin: name, state, reason, fatal, lastChange, lastUpdate: now };
    this.#plugins.set(name, plugin);
    this.#aggregate(now);
    for (const listener of this.#listeners) listener(plugin, this.#state);
  }

  #aggregate(now: number): void {
    let worst: HealthState = 'ok';
    for (const { fatal, state } of this.#plugins.values())
      if (fatal && severity[state] > severity[worst]) worst = state;
    if (worst === this.#state) return;
    this.#state = worst;
    this.#lastChange = now;
  }
}
