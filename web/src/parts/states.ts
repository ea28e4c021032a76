import type { State } from '../api/types.ts';

/** How a state looks and what it means: the words of docs/explanation/states. */
export interface StateLook {
  readonly tone: 'good' | 'wait' | 'bad' | 'mute';
  readonly symbol: string;
  readonly meaning: string;
}

export const stateLooks: Readonly<Record<State, StateLook>> = {
  CONFIGURED: { tone: 'good', symbol: '●', meaning: 'there, as wanted' },
  OBTAINED: { tone: 'mute', symbol: '○', meaning: 'there, and nobody here asked for it' },
  DISCOVERED: { tone: 'mute', symbol: '○', meaning: 'found in the data plane' },
  PENDING: { tone: 'wait', symbol: '◔', meaning: 'waits for something else' },
  RETRYING: { tone: 'wait', symbol: '↻', meaning: 'refused by the data plane, will be tried again' },
  INVALID: { tone: 'bad', symbol: '✕', meaning: 'the configuration is wrong' },
  FAILED: { tone: 'bad', symbol: '✕', meaning: 'refused by the data plane' },
  UNIMPLEMENTED: { tone: 'mute', symbol: '∅', meaning: 'this engine cannot do it' },
  MISSING: { tone: 'bad', symbol: '?', meaning: 'applied once, and no longer there' },
  REMOVED: { tone: 'mute', symbol: '–', meaning: 'removed' },
  NONEXISTENT: { tone: 'mute', symbol: '–', meaning: 'not there' },
};

/** The order in which people want to see them: what needs attention first. */
export const stateOrder: readonly State[] = [
  'FAILED',
  'INVALID',
  'MISSING',
  'RETRYING',
  'PENDING',
  'UNIMPLEMENTED',
  'CONFIGURED',
  'OBTAINED',
  'DISCOVERED',
];
