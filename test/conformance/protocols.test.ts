/** The same services on the HTTP port, by Connect and gRPC-Web, with JSON and with bytes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpPlugin } from '../../src/app/index.ts';
import { startTestAgent, type TestAgent } from '../../src/client/testing.ts';
import { type Data, decode, encode, type Fields, list } from './grpc-client.ts';

const path = 'ligato.generic.ManagerService/SetConfig';
const request = (name: string): Fields => ({
  updates: [
    {
      item: {
        data: { any: { '@type': 'models.ligato.io/ligato.vpp.interfaces.Interface', name, type: 'SOFTWARE_LOOPBACK' } },
      },
    },
  ],
});

function post(
  agent: TestAgent,
  method: string,
  type: string,
  body: string | Uint8Array,
  token = agent.token,
): Promise<Response> {
  return fetch(`${agent.application.api(httpPlugin).url}/${method}`, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

test('Connect takes JSON, with content of any model by its type', async () => {
  await using agent = await startTestAgent();
  const answer = await post(agent, path, 'application/json', JSON.stringify(request('a')));
  assert.equal(answer.status, 200, await answer.clone().text());
  const { results } = (await answer.json()) as { results: { key: string; op: string }[] };
  assert.deepEqual([results[0]?.key, results[0]?.op], ['config/vpp/v2/interfaces/a', 'CREATE']);
  const shown = await post(agent, 'ligato.generic.ManagerService/GetConfig', 'application/json', '{}');
  const { items } = (await shown.json()) as { items: { item: { data: { any: Data } } }[] };
  assert.deepEqual(items[0]?.item.data.any, {
    '@type': 'models.ligato.io/ligato.vpp.interfaces.Interface',
    name: 'a',
    type: 'SOFTWARE_LOOPBACK',
  });
});

test('Connect names unknown fields, wrong tokens and wrong values', async () => {
  await using agent = await startTestAgent();
  const unknown = await post(agent, path, 'application/json', '{"update": []}');
  assert.equal(unknown.status, 400);
  assert.match(await unknown.text(), /invalid_argument.*update/);
  const forbidden = await post(agent, path, 'application/json', '{}', 'wrong');
  assert.equal(forbidden.status, 401);
  const wrong = await post(agent, path, 'application/json', JSON.stringify({ updates: [{ item: {} }] }));
  assert.equal(wrong.status, 400);
  const { message, details } = (await wrong.json()) as { message: string; details: { type: string }[] };
  assert.match(message, /updates\[0\]\.item\.id/);
  assert.equal(details[0]?.type, 'google.rpc.BadRequest');
});

test('gRPC-Web takes bytes in frames', async () => {
  await using agent = await startTestAgent();
  const bytes = encode('ligato.generic.GetConfigRequest', {});
  const frame = Buffer.concat([Buffer.alloc(5), bytes]);
  frame.writeUInt32BE(bytes.length, 1);
  const answer = await post(agent, 'ligato.generic.ManagerService/GetConfig', 'application/grpc-web+proto', frame);
  const body = Buffer.from(await answer.arrayBuffer());
  const length = body.readUInt32BE(1);
  assert.deepEqual(list(decode('ligato.generic.GetConfigResponse', body.subarray(5, 5 + length))['items']), []);
  const trailer = body.subarray(5 + length);
  assert.equal(trailer[0], 0x80);
  assert.match(trailer.subarray(5).toString(), /grpc-status: 0/);
});
