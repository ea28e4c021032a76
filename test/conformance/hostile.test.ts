/** Malformed, oversized, deep, slow and random input: the right status, a word that helps, no crash, others unaffected. */

import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { createConnection, type Socket } from 'node:net';
import { test } from 'node:test';
import { schedulerPlugin } from '../../src/agent/plugins/scheduler.ts';
import { httpPlugin } from '../../src/app/index.ts';
import { startTestAgent, type TestAgent } from '../../src/client/testing.ts';
import { encode, GrpcClient } from './grpc-client.ts';

const setConfig = 'ligato.generic.ManagerService/SetConfig';
const getConfig = 'ligato.generic.ManagerService/GetConfig';

/** Those whose handlers do work for as long as the caller stays. */
const streams = new Set(['/api/v1/watch', '/api/v1/events']);

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Words that parsers and file systems trip over, and text at random. */
const word = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e999',
    'NaN',
    'null',
    '../../etc/passwd',
    '%00',
    '__proto__',
    'constructor',
    '[object Object]',
    '9'.repeat(400),
  ),
  fc.constantFrom('config/vpp/v2/interfaces/', 'vpp.interfaces', 'true', 'json', '💥\u0000', 'a'.repeat(5000)),
  fc.string({ maxLength: 30 }),
);

const body = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '"text"',
    '{"token": 1}',
    '{"__proto__": {"a": 1}}',
    '!!js/function "x"',
    '- - - a',
    '\u0000',
  ),
  fc.constant('['.repeat(100_000)),
  fc.constant(`vppConfig: ${'{a: '.repeat(5000)}`),
  fc.constant('a: &a [x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: &d [*c,*c,*c]\ne: [*d,*d,*d]\n'),
  fc.json({ maxDepth: 5 }),
  fc.string({ maxLength: 100 }),
);

test('every route answers whatever it is given with a status below 500 and an error that says what is wrong', async () => {
  await using agent = await startTestAgent();
  const { url = '' } = agent.application.api(httpPlugin);
  const { paths } = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    streams.has(path)
      ? []
      : Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...operations),
      fc.array(word, { minLength: 8, maxLength: 8 }),
      body,
      async (one, words, content) => {
        const values = [...words];
        const next = (): string => encodeURIComponent(values.pop() ?? '');
        const path = one.path.replace(/\{\w+\}/g, next);
        const query = (one.operation.parameters ?? [])
          .filter((parameter) => parameter.in === 'query')
          .map(({ name }) => `${name}=${next()}`);
        const answer = await fetch(`${url}${path}?${query.join('&')}`, {
          method: one.method,
          headers: { authorization: `Bearer ${agent.token}` },
          ...(one.method === 'GET' ? {} : { body: content }),
        });
        const text = await answer.text();
        // 501: this agent cannot do it, with the reason.
        assert.ok(
          answer.status < 500 || answer.status === 501,
          `${one.method} ${path}?${query.join('&')} ${content.slice(0, 99)}: ${answer.status} ${text.slice(0, 300)}`,
        );
        if (answer.status >= 400 && !Array.isArray(JSON.parse(text)))
          assert.ok(((JSON.parse(text) as { Error?: string }).Error?.length ?? 0) > 5, text);
      },
    ),
    { numRuns: 300 },
  );
  assert.equal((await fetch(`${url}/readiness`)).status, 200);
});

test('bytes at random are refused or answered, on every method that takes a message', async () => {
  await using agent = await startTestAgent();
  const { url = '' } = agent.application.api(httpPlugin);
  const methods = [
    setConfig,
    getConfig,
    'ligato.configurator.ConfiguratorService/Update',
    'ligato.generic.MetaService/KnownModels',
  ];
  const valid = encode('ligato.generic.SetConfigRequest', {
    updates: [{ item: { id: { model: 'vpp.interfaces', name: 'x' } } }],
  });
  const mutated = fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, value]) => {
    const bytes = Buffer.from(valid);
    bytes[at] = value;
    return bytes;
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...methods),
      fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated),
      async (method, bytes) => {
        const answer = await fetch(`${url}/${method}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${agent.token}`, 'content-type': 'application/proto' },
          body: new Uint8Array(bytes),
        });
        const text = await answer.text();
        // What is no protobuf at all is INTERNAL, as in Go's gRPC, with the reason.
        const isNoMessage = answer.status === 500 && text.includes('parse binary');
        assert.ok(
          [200, 400].includes(answer.status) || isNoMessage,
          `${method} ${Buffer.from(bytes).toString('hex')}: ${answer.status} ${text}`,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('a message that claims to be huge, and one that never ends, cost nothing and hold up nobody', async () => {
  await using agent = await startTestAgent();
  using client = new GrpcClient(`unix:${agent.grpcSocketPath}`);
  const sockets = Array.from({ length: 50 }, () => slow(agent));
  const updates = Array.from({ length: 5000 }, (_, n) => ({
    item: { id: { model: 'vpp.interfaces', name: 'x'.repeat(1000) + n } },
  }));
  await assert.rejects(client.call(setConfig, { updates }), { code: status.RESOURCE_EXHAUSTED });
  await client.call(getConfig);
  for (const socket of sockets) socket.destroy();
  assert.deepEqual([...agent.application.api(schedulerPlugin).snapshot().outlines()], []);
});

/** The beginning of an HTTP/2 connection, and then one byte at a time. */
function slow(agent: TestAgent): Socket {
  const socket = createConnection(agent.grpcPort, '127.0.0.1', () => socket.write('PRI * HTTP/2.0\r\n'));
  return socket.on('error', () => undefined);
}

test('callers that go away in the middle of a stream leave nothing behind', async () => {
  await using agent = await startTestAgent();
  using client = new GrpcClient(`unix:${agent.grpcSocketPath}`);
  for (let round = 0; round < 20; round++) {
    const stream = client.stream('ligato.generic.ManagerService/Subscribe');
    await stream.next();
    await stream.return(undefined);
  }
  await client.call(getConfig);
});
