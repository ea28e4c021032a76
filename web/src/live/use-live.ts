import { useSyncExternalStore } from 'react';
import { type Live, LiveValues } from './values.ts';

export const liveValues = new LiveValues();

export function useLive(): Live {
  return useSyncExternalStore(liveValues.subscribe, liveValues.snapshot);
}
