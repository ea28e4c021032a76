/**
 * What `/api/v1` answers, as schemas: for the OpenAPI document, and for the test that holds the answers to them. Loaded with that
 * document only. Types for programs are in `src/client/answers.ts`.
 */

import * as z from 'zod';

/** Schemas with a name of their own in the document. */
export const named = z.registry<{ readonly id: string }>();

export function name<S extends z.ZodType>(id: string, schema: S): S {
  named.add(schema, { id });
  return schema;
}

export const time = z.iso.datetime().describe('ISO 8601');
export const key = z.string().describe('key without agent prefix');
export const state = name(
  'State',
  z.enum([
    'NONEXISTENT',
    'MISSING',
    'UNIMPLEMENTED',
    'REMOVED',
    'CONFIGURED',
    'OBTAINED',
    'DISCOVERED',
    'PENDING',
    'INVALID',
    'FAILED',
    'RETRYING',
  ]),
);
const operationName = name('OperationName', z.enum(['UNDEFINED', 'VALIDATE', 'CREATE', 'UPDATE', 'DELETE']));
const number = z.number();
export const count = z.number().int().min(0);
/** An object of a model in proto field names, a part as its kind has it, or null. */
export const value = z.unknown().describe('object in proto field names, or null');
export const page = { total: count, offset: count, limit: count };

const problem = z.strictObject({ field: z.string(), message: z.string() });
const dependency = z.strictObject({ label: z.string(), satisfied: z.boolean(), keys: z.array(key) });

const statusFields = {
  key,
  model: z.string().optional(),
  name: z.string(),
  state,
  since: time,
  lastOperation: operationName,
  error: z.string().optional(),
  problems: z.array(problem).optional(),
  details: z.array(z.string()).optional(),
  waitingFor: z.array(z.strictObject({ label: z.string(), since: time })),
  seqNum: count.describe('transaction that made it so'),
  source: z.string().optional(),
};

export const status = name(
  'Status',
  z.strictObject({
    ...statusFields,
    get parts(): z.ZodArray<z.ZodType> {
      return z.array(status);
    },
  }),
);

const operationFields = {
  operation: operationName,
  key,
  newState: state,
  newValue: value,
  newError: z.string().optional(),
  prevState: state,
  prevValue: value,
  prevError: z.string().optional(),
  noop: z.boolean().describe('nothing was called in the data plane'),
  isPart: z.boolean(),
  isProperty: z.boolean(),
  isRevert: z.boolean(),
  isRetry: z.boolean(),
  isRecreate: z.boolean(),
  reason: z.string(),
};
const operation = name('Operation', z.strictObject(operationFields));

const failure = z.strictObject({ key, error: z.string() });

export const applied = name(
  'Applied',
  z.strictObject({
    seqNum: count.nullable().describe('null: the call did not wait for `applied`'),
    values: z.array(status),
    removed: z.array(key).describe('what is gone'),
    failures: z.array(failure.extend({ operation: operationName })),
    timing: z.record(z.string(), number).describe('ms'),
  }),
);

export const plan = name(
  'Plan',
  z.strictObject({
    operations: z.array(z.strictObject({ ...operationFields, after: z.array(count) })),
  }),
);

export const difference = name(
  'Difference',
  z.strictObject({ key, change: z.enum(['add', 'change', 'remove']), wanted: value, given: value }),
);

const driftFields = {
  key,
  problem: z.enum(['missing', 'different', 'unexpected']),
  fields: z.array(z.string()),
};
export const drift = name(
  'Drift',
  z.strictObject({
    ...driftFields,
    problem: z
      .enum([...driftFields.problem.options, 'unread'])
      .describe('unread: objects of a kind could not be read and may be anything'),
    kind: z.string().optional().describe('of what is unread'),
    error: z.string().optional().describe('why it is unread'),
    applied: value,
    retrieved: value,
  }),
);

const recordFields = {
  seqNum: count,
  type: z.enum(['SBNotification', 'NBTransaction', 'RetryFailedOps', 'RetryUnimplOps']),
  resync: z.enum(['NotResync', 'FullResync', 'UpstreamResync', 'DownstreamResync']),
  description: z.string(),
  by: z.string().optional(),
  start: time,
  stop: time,
  milliseconds: number,
  retryForTxn: count.optional(),
  retryAttempt: count.optional(),
  values: z.array(z.strictObject({ key, value, origin: z.enum(['NB', 'SB']) })),
  planned: z.array(operation),
  executed: z.array(operation),
};
export const record = name('Transaction', z.strictObject(recordFields));
export const committed = name('Committed', z.strictObject({ ...recordFields, failures: z.array(failure) }));

const explanationFields = {
  ...statusFields,
  parts: z.array(status),
  desired: value,
  applied: value,
  metadata: z.unknown(),
  partOf: key.optional(),
  dependencies: z.array(dependency),
  wantedBy: z.array(z.strictObject({ source: z.string(), priority: number, effective: z.boolean(), value })),
  history: z.array(
    z.strictObject({
      seqNum: count,
      time,
      operation: operationName,
      state,
      error: z.string().optional(),
      noop: z.boolean(),
      reason: z.string(),
    }),
  ),
};
export const explanation = name('Explanation', z.strictObject(explanationFields));
export const object = name(
  'Object',
  z.strictObject({
    ...explanationFields,
    dependants: z.array(key),
    retrieved: value.optional(),
    retrievable: z.boolean().optional(),
    drift: z.array(z.strictObject(driftFields)).optional(),
  }),
);
export const timelineEntry = name(
  'TimelineEntry',
  z.strictObject({
    seqNum: count,
    type: recordFields.type,
    time,
    by: z.string().optional(),
    description: z.string(),
    ...operationFields,
    key: z.undefined().optional(),
  }),
);

export const graphNode = name(
  'GraphNode',
  z.strictObject({
    key,
    kind: z.string().optional(),
    label: z.string(),
    state,
    applied: value,
    desired: value,
    metadata: z.unknown(),
    parent: key.optional(),
    parts: z.array(key),
    dependencies: z.array(dependency),
  }),
);
const drawnNode = name(
  'DrawnNode',
  z.strictObject({
    key,
    label: z.string(),
    model: z.string().optional(),
    state,
    parent: key.optional(),
    waitingFor: z.array(z.string()).optional(),
  }),
);
export const graphPage = name(
  'GraphPage',
  z.strictObject({
    ...page,
    nodes: z.array(drawnNode),
    edges: z.array(
      z.strictObject({
        from: key,
        to: key,
        type: z.enum(['part', 'dependency']),
        label: z.string(),
        satisfied: z.boolean(),
      }),
    ),
    outside: z.array(drawnNode),
  }),
);
export const graphSummary = name(
  'GraphSummary',
  z.strictObject({
    total: count,
    states: z.record(z.string(), count),
    models: z.record(z.string(), z.record(z.string(), count)),
  }),
);

export const source = name(
  'Source',
  z.strictObject({ name: z.string(), priority: number, values: count, effective: count }),
);
export const model = name(
  'Model',
  z.strictObject({
    name: z.string(),
    spec: z.strictObject({ module: z.string(), type: z.string(), version: z.string(), class: z.string() }),
    message: z.string(),
    prefix: z.string(),
    nameTemplate: z.string().nullable(),
    config: z.string().nullable(),
    engine: z.string().nullable(),
    status: z.enum(['implemented', 'explained', 'UNIMPLEMENTED']),
    needs: z.array(z.string()),
    lacks: z.array(z.string()),
    note: z.string().nullable(),
  }),
);
export const modelEffect = name(
  'ModelEffect',
  z.strictObject({ model: z.string(), effect: z.enum(['registered', 'unchanged', 'restart']) }),
);
