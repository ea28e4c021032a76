/** Values as they were: the present taken back, transaction by transaction, as far as the history goes. */

import type { Kind, Value } from '../../scheduler/kind.ts';
import type { Key } from '../../model/index.ts';
import type { RecordedOperation, Scheduler, TransactionRecord, ValueState } from '../../scheduler/scheduler.ts';
import { RestError } from './rest-error.ts';
import type { ValueJson } from './value-json.ts';

/** One revision of a value, with the field names of Ligato's recorded nodes. */
export interface Revision {
  readonly Since: string;
  /** Absent: to this day. */
  readonly Until?: string;
  readonly Key: string;
  readonly Label: string;
  readonly Value: unknown;
  readonly Flags: Readonly<Record<string, string>>;
  readonly MetadataFields: null;
  readonly Targets: readonly object[];
  /** What made it so. */
  readonly Transaction: number;
  readonly Operation: string;
  readonly State: string;
  readonly Error: string;
  readonly Reason: string;
}

/** Revisions of one value, oldest first. Between a removal and the next creation there is none. */
export function timelineOf(scheduler: Scheduler, key: string, values: ValueJson): readonly Revision[] {
  const steps = scheduler
    .history()
    .flatMap((record) =>
      record.executed.filter((operation) => operation.key === key).map((operation) => ({ record, operation })),
    );
  const describe = describer(scheduler, values);
  return steps.flatMap(({ record, operation }, index) => {
    if (isGone(operation.newState)) return [];
    const next = steps[index + 1]?.record.start;
    const until = next === undefined ? {} : { Until: new Date(next).toISOString() };
    return [
      {
        Since: new Date(record.start).toISOString(),
        ...until,
        ...describe({ ...past(operation, record), key: operation.key }),
        Transaction: record.seqNum,
        Operation: operation.operation,
        State: operation.newState,
        Error: operation.newError ?? '',
        Reason: operation.reason,
      },
    ];
  });
}

interface Past {
  readonly state: ValueState;
  readonly value: Value | null;
  readonly isPart: boolean;
  readonly error?: string | undefined;
  readonly transaction?: number | undefined;
}

/**
 * All values as they were at a time (ms since the epoch). Metadata of then is not known; relations are those that follow from the
 * value. Throws RestError `not-found` when the history does not go back so far.
 */
export function snapshotAt(scheduler: Scheduler, time: number, values: ValueJson): readonly object[] {
  const records = scheduler.history();
  const [oldest] = records;
  if (oldest !== undefined && oldest.seqNum > 1 && time < oldest.start)
    throw new RestError(
      'not-found',
      `the history begins ${new Date(oldest.start).toISOString()} with transaction ${oldest.seqNum}; older states are not known`,
      'time',
    );
  const nodes = new Map<Key, Past>();
  for (const { key, state, applied, desired, parent } of scheduler.snapshot().nodes())
    nodes.set(key, { state, value: applied ?? desired, isPart: parent !== undefined });
  for (const record of records.toReversed()) {
    if (record.start <= time) break;
    for (const operation of record.executed.toReversed()) {
      if (isGone(operation.prevState)) nodes.delete(operation.key);
      else nodes.set(operation.key, { ...before(operation) });
    }
  }
  const describe = describer(scheduler, values);
  return [...nodes].sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, one]) => describe({ ...one, key }));
}

function past({ newState, newValue, newError, isPart }: RecordedOperation, { seqNum }: TransactionRecord): Past {
  return { state: newState, value: newValue, error: newError, isPart, transaction: seqNum };
}

function before({ prevState, prevValue, prevError, isPart }: RecordedOperation): Past {
  return { state: prevState, value: prevValue, error: prevError, isPart };
}

function isGone(state: ValueState): boolean {
  return state === 'NONEXISTENT' || state === 'REMOVED';
}

const unavailable: ReadonlySet<ValueState> = new Set(['MISSING', 'UNIMPLEMENTED', 'REMOVED', 'PENDING', 'INVALID']);

function describer(scheduler: Scheduler, values: ValueJson) {
  const kinds = scheduler.kinds().flatMap(({ kind }) => (kind.prefix === undefined ? [] : [kind]));
  const kindOf = (key: string): Kind | undefined => kinds.find(({ prefix = '' }) => key.startsWith(prefix));
  return ({ key, state, value, error, isPart, transaction }: Past & { readonly key: Key }) => {
    const kind = isPart ? undefined : kindOf(key);
    return {
      Key: key,
      Label: kind === undefined ? key : (kind.label?.(key) ?? key.slice(kind.prefix?.length)),
      Value: values.recorded(value),
      Flags: {
        ...(transaction === undefined ? {} : { 'last-update': `TXN-${transaction}` }),
        'value-state': state,
        ...(error === undefined ? {} : { error }),
        ...(unavailable.has(state) ? { unavailable: '' } : {}),
        ...(kind === undefined ? {} : { descriptor: kind.name }),
      },
      MetadataFields: null,
      Targets: value === null || kind === undefined ? [] : targetsOf(kind, key, value),
    };
  };
}

function targetsOf(kind: Kind, key: Key, value: Value): object[] {
  return [
    ...(kind.parts?.(key, value) ?? []).map((part) => ({
      Relation: 'derives',
      Label: part.key,
      ExpectedKey: part.key,
    })),
    ...(kind.dependencies?.(key, value) ?? []).map(({ label, key: needed, anyOf }) => ({
      Relation: 'depends-on',
      Label: label,
      ExpectedKey: needed ?? anyOf?.prefixes.join(' | ') ?? '',
    })),
  ];
}
