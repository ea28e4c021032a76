import { StoreError } from '../errors.ts';
import type { Compare, Write } from '../store.ts';

const MAX_KEY_BYTES = 65_535;
const MAX_VALUE_BYTES = 64 * 1024 * 1024;
/** UTF-16 units that are at most MAX_KEY_BYTES of UTF-8 whatever they are. */
const SURELY_SHORT = Math.floor(MAX_KEY_BYTES / 3);

export function checkCompares(compares: readonly Compare[]): void {
  for (const { key, revision, value } of compares) {
    checkKey(key);
    if (revision === undefined && value === undefined) {
      throw new StoreError('usage', `The compare on key ${key} gives neither a revision nor a value`);
    }
  }
}

/** Key and value of a write of a transaction. */
export function checkWrite(write: Write): void {
  checkKey(write.key);
  if (write.type === 'put') checkValue(write.key, write.value);
}

/** Each key can be written once in a transaction. */
export function writtenTwice(key: string): StoreError {
  return new StoreError('usage', `Key ${key} is written twice in one transaction`);
}

function checkKey(key: string): void {
  if (typeof key !== 'string' || key === '') throw new StoreError('usage', 'A key must be a non-empty string');
  // UTF-8 has no form for half a surrogate pair: the key would come back as another one.
  if (!key.isWellFormed()) throw new StoreError('usage', `Key ${JSON.stringify(key)} is not well-formed Unicode`);
  if (key.length <= SURELY_SHORT) return;
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new StoreError('usage', `Key ${key.slice(0, 60)}... is longer than ${MAX_KEY_BYTES} bytes`);
  }
}

function checkValue(key: string, value: Uint8Array): void {
  if (!(value instanceof Uint8Array)) throw new StoreError('usage', `The value of key ${key} is not a Uint8Array`);
  if (value.length > MAX_VALUE_BYTES) {
    throw new StoreError('usage', `The value of key ${key} is longer than ${MAX_VALUE_BYTES} bytes`);
  }
}
