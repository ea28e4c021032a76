import type { Theatre } from '../theatre.ts';

export interface Check {
  readonly name: string;
  /** Resolves with what was measured; rejects with what went wrong. */
  run(theatre: Theatre): Promise<string>;
}
