/** What came of a change, object by object: the same words for gRPC and for clients in this process. */

import type { Key } from '../../model/index.ts';
import type { ValueStatus } from '../../scheduler/scheduler.ts';
import { plain } from '../rest/value-json.ts';
import type { ApplyResult } from './configurator.ts';

/** What was really done last with each value; nothing was where it waits, or was so already. */
export function operationsOf({ commit }: ApplyResult): ReadonlyMap<Key, 'CREATE' | 'UPDATE' | 'DELETE'> {
  const operations = new Map<Key, 'CREATE' | 'UPDATE' | 'DELETE'>();
  for (const { key, operation, noop } of commit?.record.executed ?? []) {
    if (!noop && operation !== 'UNDEFINED' && operation !== 'VALIDATE') operations.set(key, operation);
  }
  return operations;
}

/** State, and what it waits for or why it failed. */
export function standing(status: ValueStatus | undefined): { readonly state: string; readonly message: string } {
  const details = status?.state === 'PENDING' ? `waits for ${status.details.join(', ')}` : '';
  return { state: status?.state ?? 'NONEXISTENT', message: status?.error ?? details };
}

/** Metadata as texts by name: Ligato's DumpState has no other place for them. */
export function metadataTexts(metadata: unknown): Record<string, string> {
  const shown = plain(metadata);
  if (typeof shown !== 'object' || shown === null) return {};
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
