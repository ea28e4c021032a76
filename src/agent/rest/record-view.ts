import type { CommitResult, Drift, RecordedOperation, TransactionRecord } from '../../scheduler/scheduler.ts';
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

export function driftView(drift: readonly Drift[], values: ValueJson): object[] {
  return drift.map(({ applied, retrieved, ...rest }) => ({
    ...rest,
    applied: values.json(applied),
    retrieved: values.json(retrieved),
  }));
}

function operationView({ newValue, prevValue, ...operation }: RecordedOperation, values: ValueJson): object {
  return { ...operation, newValue: values.json(newValue), prevValue: values.json(prevValue) };
}
