import type { VppEngine } from '../../vpp/engine.ts';

/**
 * Interfaces that the agent itself removes: VPP tells their end as it tells that of any other, a little later, when the next one may
 * have the number already.
 */
export class OwnRemovals {
  static readonly #known = new WeakMap<VppEngine, OwnRemovals>();
  readonly #expected = new Set<number>();

  private constructor({ client }: VppEngine) {
    client.onState(({ state }) => {
      if (state === 'disconnected') this.#expected.clear();
    });
  }

  /** Those of the engine: shared by who removes and who listens. */
  static of(engine: VppEngine): OwnRemovals {
    const known = OwnRemovals.#known.get(engine) ?? new OwnRemovals(engine);
    OwnRemovals.#known.set(engine, known);
    return known;
  }

  /** Waits for the removal of an interface. One that fails, or finds nothing, makes no event. */
  async during(swIfIndex: number, removal: () => Promise<void>): Promise<void> {
    this.#expected.add(swIfIndex);
    try {
      await removal();
    } catch (error) {
      this.#expected.delete(swIfIndex);
      throw error;
    }
  }

  /** An interface ended: true, once for each removal, when it was the agent that removed it. */
  take(swIfIndex: number): boolean {
    return this.#expected.delete(swIfIndex);
  }
}
