import type { CommitResult, Comparison, RecordedOperation, TransactionRecord } from '../../scheduler/scheduler.ts';
import type { ValueJson } from './value-json.ts';

/** A transaction as `/api/v1` shows it. */
export function recordView(record: TransactionRecord, values: ValueJson): object {
  const { planned, executed, values: changed, start, stop, ...rest } = record;
  return {
    ...rest,
    start: new Date(start).toISOString(),
    stop: new Date(stop).toISOString(),
    milliseconds: stop - start,
    values: changed.map(({ key, value, origin }) => ({ key, value: values.json(value), origin })),
    planned: planned.map((operation) => operationView(operation, values)),
    executed: executed.map((operation) => operationView(operation, values)),
  };
}

/** The same with what failed. */
export function committedView({ record, failures }: CommitResult, values: ValueJson): object {
  return {
    ...recordView(record, values),
    failures: failures.map(({ key, error }) => ({ key, error: error.message })),
  };
}

/** What differs, and then what could not be read: that may differ as well. */
export function driftView({ drift, unread }: Comparison, values: ValueJson): object[] {
  const differing = drift.map(({ applied, retrieved, ...rest }): object => ({
    ...rest,
    applied: values.json(applied),
    retrieved: values.json(retrieved),
  }));
  const unknown = unread.map(({ key, kind, error }): object => ({
    ...{ key, problem: 'unread', fields: [], kind, error: error.message },
    ...{ applied: null, retrieved: null },
  }));
  return [...differing, ...unknown];
}

function operationView({ newValue, prevValue, ...operation }: RecordedOperation, values: ValueJson): object {
  return { ...operation, newValue: values.json(newValue), prevValue: values.json(prevValue) };
}
