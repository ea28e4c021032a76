/** Which route answers what, in JSON with status 200. */

import * as z from 'zod';
import * as agent from './agent.ts';
import * as ligato from './ligato.ts';
import * as shape from './shapes.ts';

const configuration = z.looseObject({}).describe('a configuration, as in files');
const schema = z.looseObject({}).describe('JSON schema');

const routes: Readonly<Record<string, z.ZodType>> = {
  'GET /api/v1/values': z.array(shape.status),
  'GET /api/v1/sources': z.array(shape.source),
  'GET /api/v1/explain': shape.explanation,
  'GET /api/v1/object': shape.object,
  'GET /api/v1/timeline': z.array(shape.timelineEntry),
  'GET /api/v1/graph': z.array(shape.graphNode),
  'GET /api/v1/graph/nodes': shape.graphPage,
  'GET /api/v1/graph/summary': shape.graphSummary,
  'GET /api/v1/transactions': z.array(shape.record),
  'GET /api/v1/transactions/:seqNum': shape.record,
  'POST /api/v1/transactions/:seqNum/rollback': shape.committed,
  'POST /api/v1/transactions/:seqNum/confirm': z.strictObject({ seqNum: z.number(), confirmed: z.boolean() }),
  'POST /api/v1/check': z.array(shape.drift),
  'POST /api/v1/resync': shape.committed,
  'GET /api/v1/models': z.array(shape.model),
  'POST /api/v1/models': z.array(shape.modelEffect),
  'DELETE /api/v1/models/:name': z.array(shape.modelEffect),
  'PUT /api/v1/configuration': shape.applied,
  'DELETE /api/v1/configuration': shape.applied,
  'POST /api/v1/configuration/plan': shape.plan,
  'POST /api/v1/configuration/diff': z.array(shape.difference),
  'GET /api/v1/configuration': configuration,
  'GET /api/v1/configuration/retrieved': configuration,
  'GET /api/v1/topology': agent.topology,
  'GET /api/v1/topology/routes': agent.routePage,
  'GET /api/v1/interfaces': agent.interfacePage,
  'POST /api/v1/trace': agent.trace,
  'GET /api/v1/kvdb': agent.kvdbPage,
  'GET /api/v1/kvdb/entry': agent.kvdbEntry,
  'PUT /api/v1/kvdb/entry': agent.kvdbWritten,
  'DELETE /api/v1/kvdb/entry': z.strictObject({ deleted: z.boolean() }),
  'POST /api/v1/kvdb/transaction': agent.kvdbWritten,
  'GET /api/v1/status': agent.agentStatus,
  'GET /api/v1/session': agent.session,
  'POST /api/v1/session': agent.session,
  'GET /api/v1/kernel': agent.kernel,
  'GET /api/v1/vpp': agent.vpp,
  'GET /api/v1/vpp/statistics/:part': z.union([z.array(agent.vppCounters), agent.vppCounters]),
  'GET /vpp/telemetry': z.record(z.string(), z.string()),
  'GET /vpp/telemetry/memory': z.array(agent.vppCounters),
  'GET /vpp/telemetry/runtime': z.array(agent.vppCounters),
  'GET /vpp/telemetry/nodecount': z.array(agent.vppCounters),
  'POST /vpp/command': z.string(),
  'GET /api/v1/openapi.json': z.looseObject({ openapi: z.string() }),
  'PUT /configuration': ligato.empty,
  'POST /configuration/validate': ligato.empty,
  'GET /info/version': ligato.version,
  'GET /info/configuration/jsonschema': schema,
  'GET /liveness': ligato.probe,
  'GET /readiness': ligato.probe,
  'GET /log/list': z.array(ligato.logger),
  'PUT /log/:logger/:level': ligato.logger,
  'GET /scheduler/txn-history': z.union([z.array(ligato.recordedTxn), ligato.recordedTxn]),
  'GET /scheduler/dump': z.union([z.array(ligato.dumped), ligato.dumpIndex]),
  'GET /scheduler/status': z.union([z.array(ligato.baseValueStatus), ligato.baseValueStatus]),
  'POST /scheduler/downstream-resync': ligato.recordedTxn,
  'GET /scheduler/graph-snapshot': z.array(ligato.recordedNode),
  'GET /scheduler/key-timeline': z.union([z.array(ligato.revision), ligato.revision.nullable()]),
  'GET /scheduler/flag-stats': ligato.flagStats,
  'GET /scheduler/stats': ligato.schedulerStats,
  'GET /stats/linux/interfaces': z.array(agent.linuxCounters),
  'GET /stats/configurator': ligato.callStats,
  'GET /govppmux/stats': ligato.vppRequests,
  'GET /metrics/:model': ligato.vppRequests,
};

/** Undefined for answers that are not JSON, and for routes of others. */
export function answerSchema(method: string, path: string): z.ZodType | undefined {
  return path.startsWith('/dump/') ? ligato.dumpedObjects : routes[`${method} ${path}`];
}

/** Every schema as JSON schema with references into `components/schemas`; those with a name, by name. */
export function answerComponents(): Readonly<Record<string, unknown>> {
  const { schemas } = z.toJSONSchema(shape.named, { uri, io: 'output', unrepresentable: 'any' });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)]));
}

/** The schema of one answer: what has a name is referred to. */
export function answerJsonSchema(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const id = shape.named.get(schema)?.id;
  if (id !== undefined) return { $ref: uri(id) };
  const json = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any', metadata: shape.named });
  // What has a name is defined below the schema, too; here it is one of the document's.
  return JSON.parse(JSON.stringify(plain(json)).replaceAll('"#/$defs/', `"${uri('')}`)) as Record<string, unknown>;
}

function uri(id: string): string {
  return `#/components/schemas/${id}`;
}

/** Without what only a document of its own has. */
function plain({ $schema: _dialect, $id: _id, $defs: _definitions, ...schema }: Record<string, unknown>) {
  return schema;
}
