/** Transactions, statuses and graph nodes with the field names of Ligato's REST. */

import type {
  DumpedValue,
  GraphNode,
  RecordedOperation,
  TransactionRecord,
  ValueStatus,
} from '../../scheduler/scheduler.ts';
import { plain, type ValueJson } from './value-json.ts';

export function recordJson(record: TransactionRecord, values: ValueJson): object {
  return {
    PreRecord: false,
    WithSimulation: true,
    Start: new Date(record.start).toISOString(),
    Stop: new Date(record.stop).toISOString(),
    SeqNum: record.seqNum,
    TxnType: record.type,
    ResyncType: record.resync,
    Description: record.description,
    By: record.by ?? '',
    RetryForTxn: record.retryForTxn ?? 0,
    RetryAttempt: record.retryAttempt ?? 0,
    Values: record.values.map(({ key, value, origin }) => ({
      Key: key,
      Value: values.recorded(value),
      Origin: origin === 'NB' ? 'FromNB' : 'FromSB',
    })),
    Planned: record.planned.map((operation) => operationJson(operation, values)),
    Executed: record.executed.map((operation) => operationJson(operation, values)),
  };
}

/** `Reason` is new: what caused the operation. */
function operationJson(operation: RecordedOperation, values: ValueJson): object {
  return {
    Operation: operation.operation,
    Key: operation.key,
    NewState: operation.newState,
    NewValue: values.recorded(operation.newValue),
    NewErrMsg: operation.newError ?? '',
    PrevState: operation.prevState,
    PrevValue: values.recorded(operation.prevValue),
    PrevErrMsg: operation.prevError ?? '',
    NOOP: operation.noop,
    IsDerived: operation.isPart,
    IsProperty: operation.isProperty,
    IsRevert: operation.isRevert,
    IsRetry: operation.isRetry,
    IsRecreate: operation.isRecreate,
    Reason: operation.reason,
  };
}

/** `ligato.kvscheduler.BaseValueStatus`. */
export function statusJson(status: ValueStatus): object {
  return { value: oneStatus(status), derived_values: status.parts.map(oneStatus) };
}

function oneStatus(status: ValueStatus): object {
  return {
    key: status.key,
    state: status.state,
    ...(status.error === undefined ? {} : { error: status.error }),
    last_operation: status.lastOperation,
    ...(status.details.length > 0 ? { details: status.details } : {}),
  };
}

export function dumpedJson({ key, value, metadata, origin }: DumpedValue, values: ValueJson): object {
  return {
    Key: key,
    Value: values.recorded(value),
    Metadata: plain(metadata) ?? null,
    Origin: origin === 'NB' ? 'FromNB' : 'FromSB',
  };
}

export function nodeJson(node: GraphNode, values: ValueJson): object {
  return {
    Key: node.key,
    Label: node.label,
    Value: values.recorded(node.applied ?? node.desired),
    Flags: {
      'value-state': node.state,
      ...(node.applied === null ? { unavailable: '' } : {}),
      ...(node.kind === undefined ? {} : { descriptor: node.kind }),
      ...(node.parent === undefined ? {} : { derived: node.parent }),
    },
    MetadataFields: plain(node.metadata) ?? null,
    Targets: [
      ...node.parts.map((key) => ({ Relation: 'derives', Label: key, ExpectedKey: key, MatchingKeys: [key] })),
      ...node.dependencies.map(({ label, keys, satisfied }) => ({
        Relation: 'depends-on',
        Label: label,
        ExpectedKey: keys.join(' | '),
        MatchingKeys: satisfied ? keys : [],
      })),
    ],
  };
}
