/** What Ligato's paths answer, with Ligato's names. */

import * as z from 'zod';
import { key, name, time } from './shapes.ts';

const text = z.string();
const count = z.number().int().min(0);
const origin = z.enum(['FromNB', 'FromSB']);

const recorded = name(
  'RecordedValue',
  z.strictObject({ ProtoMsgName: text, ProtoMsgData: text.describe('protobuf text format') }),
);
const recordedOperation = name(
  'RecordedTxnOp',
  z.strictObject({
    Operation: text,
    Key: key,
    NewState: text,
    NewValue: recorded.nullable(),
    NewErrMsg: text,
    PrevState: text,
    PrevValue: recorded.nullable(),
    PrevErrMsg: text,
    NOOP: z.boolean(),
    IsDerived: z.boolean(),
    IsProperty: z.boolean(),
    IsRevert: z.boolean(),
    IsRetry: z.boolean(),
    IsRecreate: z.boolean(),
    Reason: text,
  }),
);
export const recordedTxn = name(
  'RecordedTxn',
  z.strictObject({
    PreRecord: z.boolean(),
    WithSimulation: z.boolean(),
    Start: time,
    Stop: time,
    SeqNum: count,
    TxnType: text,
    ResyncType: text,
    Description: text,
    By: text,
    RetryForTxn: count,
    RetryAttempt: count,
    Values: z.array(z.strictObject({ Key: key, Value: recorded.nullable(), Origin: origin })),
    Planned: z.array(recordedOperation),
    Executed: z.array(recordedOperation),
  }),
);

const valueStatus = z.strictObject({
  key,
  state: text,
  error: text.optional(),
  last_operation: text,
  details: z.array(text).optional(),
});
export const baseValueStatus = name(
  'BaseValueStatus',
  z.strictObject({ value: valueStatus, derived_values: z.array(valueStatus) }),
);

export const dumped = name(
  'DumpedValue',
  z.strictObject({ Key: key, Value: recorded.nullable(), Metadata: z.unknown(), Origin: origin }),
);
export const dumpIndex = name(
  'DumpIndex',
  z.strictObject({ Descriptors: z.array(text), KeyPrefixes: z.array(text), Views: z.array(text) }),
);

const nodeFields = {
  Key: key,
  Label: text,
  Value: recorded.nullable(),
  Flags: z.record(z.string(), text),
  MetadataFields: z.unknown(),
  Targets: z.array(
    z.strictObject({
      Relation: z.enum(['derives', 'depends-on']),
      Label: text,
      ExpectedKey: text,
      MatchingKeys: z.array(key).optional(),
    }),
  ),
};
export const recordedNode = name('RecordedNode', z.strictObject(nodeFields));
export const revision = name(
  'Revision',
  z.strictObject({
    Since: time,
    Until: time.optional(),
    ...nodeFields,
    Transaction: count,
    Operation: text,
    State: text,
    Error: text,
    Reason: text,
  }),
);
export const flagStats = name(
  'FlagStats',
  z.strictObject({ TotalCount: count, PerValueCount: z.record(z.string(), count) }),
);
export const schedulerStats = name(
  'SchedulerStats',
  z.strictObject({
    TxnStats: z.strictObject({
      TotalProcessed: count,
      OperationCount: z.record(z.string(), count),
      ValueStateCount: z.record(z.string(), count),
      ErrorCount: count,
    }),
  }),
);
export const callStats = name(
  'CallStats',
  z.strictObject({
    Methods: z.record(
      z.string(),
      z.strictObject({
        count,
        failed: count,
        total: z.number(),
        avg: z.number(),
        min: z.number(),
        max: z.number(),
      }),
    ),
  }),
);
export const vppRequests = name(
  'VppRequests',
  z.strictObject(
    Object.fromEntries(
      ['channels_created', 'channels_open', 'requests_sent', 'requests_done', 'requests_fail', 'request_replies'].map(
        (field) => [field, z.string().regex(/^\d+$/).describe('64 bits, as text')],
      ),
    ),
  ),
);

export const version = name(
  'Version',
  z.strictObject({
    App: text,
    Version: text,
    GitCommit: text,
    GitBranch: text,
    BuildUser: text,
    BuildHost: text,
    BuildTime: count.describe('seconds since 1970; 0: not known'),
    GoVersion: text.describe('what runs it: Node'),
    Runtime: text,
    OS: text,
    Arch: text,
  }),
);
export const probe = name(
  'Probe',
  z.strictObject({
    build_version: text,
    build_date: text,
    state: count,
    start_time: count,
    last_change: count,
    last_update: count,
    commit_hash: text,
    PluginStatus: z.record(
      z.string(),
      z.strictObject({
        name: text,
        state: count,
        last_change: count,
        last_update: count,
        error: text.optional(),
      }),
    ),
    NonFatalPlugins: z.array(text),
  }),
);
export const logger = name('Logger', z.strictObject({ logger: text, level: text }));
/** `{"<name>": {...}, "<name>_meta": ...}`. */
export const dumpedObjects = name('DumpedObjects', z.array(z.record(z.string(), z.unknown())));
export const empty = name('Nothing', z.strictObject({}));
