import { Validator } from '@seriousme/openapi-schema-validator';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpPlugin, logRoutesPlugin } from '../../app/index.ts';
import { type Call, HttpClient } from '../../client/http.ts';
import { localClient } from '../../client/local.ts';
import { startTestAgent } from '../../client/testing.ts';
import { interfaceStatesPlugin } from '../plugins/interface-states.ts';
import { storeSourcePlugin } from '../plugins/store-source.ts';
import { answerSchema } from './answers/routes.ts';

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly operationId: string;
            readonly parameters?: readonly { readonly name: string; readonly schema: object }[];
          }
        >
      >
    >
  >;
}

test('the agent describes every route it has, in a valid OpenAPI document', async () => {
  await using agent = await startTestAgent();
  const http = agent.application.api(httpPlugin);
  const document = (await (await fetch(`${http.url}/api/v1/openapi.json`)).json()) as Document;
  const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
  assert.ok(valid, JSON.stringify(errors));
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = http.routes.map(
    ({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{rest}')}`,
  );
  assert.deepEqual(described.sort(), routes.sort());
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  assert.equal(new Set(ids).size, ids.length, 'ids of operations are unique');
  const parameters = document.paths['/api/v1/graph/nodes']?.['get']?.parameters;
  assert.deepEqual(parameters?.find(({ name }) => name === 'depth')?.schema, {
    default: 1,
    type: 'integer',
    minimum: 1,
    maximum: 10,
  });
});

/** Routes with an answer in JSON, each with what to ask. Values of parameters come from what the agent holds. */
test('answers are what the document says of them', async () => {
  await using agent = await startTestAgent({ plugins: [storeSourcePlugin, logRoutesPlugin] });
  const client = localClient(agent.application);
  const http = new HttpClient({ socketPath: agent.socketPath });
  const { routes } = agent.application.api(httpPlugin);
  const link = { admin: 'UP', operational: 'DOWN', mac: '', mtu: 1500, place: '', shared: false } as const;
  const none = { rxPackets: 0n, rxBytes: 0n, rxErrors: 0n, rxDropped: 0n, rxMulticast: 0n, rxUnhandled: 0n };
  const counters = { ...none, txPackets: 0n, txBytes: 2n ** 60n, txErrors: 0n, txDropped: 0n };
  const interfaces = ['vpp.interfaces', 'linux.interfaces.interface'].map((model, index) => ({
    ...{ key: `config/${model}`, model, name: model, device: 'lg', index, counters },
    ...link,
  }));
  agent.application
    .api(interfaceStatesPlugin)
    .addReader({ read: () => Promise.resolve(interfaces), watch: () => () => {} });
  agent.broken.add('config/vpp/v2/interfaces/broken');
  await client.apply(
    `vppConfig:
      interfaces:
        - { name: a, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [10.0.0.1/24] }
        - { name: broken, type: SOFTWARE_LOOPBACK }
      bridgeDomains: [{ name: bd, interfaces: [{ name: a }, { name: gone }] }]
      routes: [{ dstNetwork: 10.2.0.0/16, nextHopAddr: 10.0.0.9 }]
      ipsecSas: [{ index: 1, spi: 7, protocol: ESP, cryptoAlg: AES_CBC_128, cryptoKey: c0ffee00c0ffee00c0ffee00c0ffee00 }]
     linuxConfig: { interfaces: [{ name: pod, type: TAP_TO_VPP, tap: { vppTapIfName: a } }] }`.replaceAll(
      '\n     ',
      '\n',
    ),
    { retry: false },
  );
  agent.plane.delete('config/vpp/v2/interfaces/a' as never);
  const key = 'config/vpp/v2/interfaces/a';
  const yaml = 'vppConfig: { interfaces: [{ name: b, type: SOFTWARE_LOOPBACK }] }';
  const first = { seqNum: '1' };
  const asked: Readonly<Record<string, Partial<Call> & { readonly params?: Readonly<Record<string, string>> }>> = {
    'GET /api/v1/explain': { query: { key } },
    'GET /api/v1/object': { query: { key } },
    'GET /api/v1/timeline': { query: { key } },
    'GET /api/v1/transactions/:seqNum': { params: first },
    'PUT /api/v1/configuration': { body: yaml },
    'POST /api/v1/configuration/plan': { body: yaml },
    'POST /api/v1/configuration/diff': { body: yaml },
    'DELETE /api/v1/configuration': { body: yaml },
    'PUT /configuration': { body: yaml },
    'POST /configuration/validate': { body: yaml },
    'PUT /api/v1/kvdb/entry': {
      query: { key: 'config/vpp/v2/interfaces/kv' },
      body: '{"name":"kv","type":"SOFTWARE_LOOPBACK"}',
      type: 'application/json',
    },
    'GET /api/v1/kvdb/entry': { query: { key: 'config/vpp/v2/interfaces/kv' } },
    'POST /api/v1/kvdb/transaction': { body: '{"writes":[{"key":"x/y","value":[1]}]}', type: 'application/json' },
    'DELETE /api/v1/kvdb/entry': { query: { key: 'x/y' } },
    'GET /scheduler/key-timeline': { query: { key } },
    'GET /scheduler/flag-stats': { query: { flag: 'descriptor' } },
    'PUT /log/:logger/:level': { params: { logger: 'default', level: 'error' } },
    'POST /api/v1/transactions/:seqNum/rollback': { params: { seqNum: '2' } },
  };
  /** Not here: they need another state of the agent, or another engine, and have tests of their own. */
  const elsewhere = new Set([
    'POST /api/v1/transactions/:seqNum/confirm',
    'POST /api/v1/trace',
    'POST /api/v1/models',
    'DELETE /api/v1/models/:name',
    'POST /api/v1/session',
    'POST /scheduler/downstream-resync',
    'GET /metrics/:model',
  ]);
  /** No JSON. */
  const texts = new Set([
    'GET /configuration',
    'GET /health',
    'GET /metrics',
    'GET /scheduler/graph',
    'GET /api/v1/events',
    'GET /api/v1/kvdb/events',
    'GET /api/v1/watch',
    'GET /api/v1/models/:name/sample',
    'DELETE /api/v1/session',
  ]);
  const order = [...Object.keys(asked), ...routes.map(({ method, path }) => `${method} ${path}`)];
  for (const route of new Set(order)) {
    const [method = '', path = ''] = route.split(' ');
    if (path === '/' || texts.has(route)) continue;
    const schema = answerSchema(method, path);
    assert.ok(schema, `${route}: no schema of its answer`);
    // Kinds that this plane has nothing of cannot be dumped.
    if (elsewhere.has(route) || (path.startsWith('/dump/') && path !== '/dump/vpp/v2/interfaces')) continue;
    const { params = {}, ...call } = asked[route] ?? {};
    const answer: unknown = await http.json({
      method: method as 'GET',
      path: path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? ''),
      ...call,
    });
    const { error } = schema.safeParse(answer);
    assert.equal(error, undefined, `${route}: ${error?.message}\n${JSON.stringify(answer).slice(0, 500)}`);
  }
});
