/** A model that nobody here has code for: its descriptors alone are enough for gRPC, REST and the command line. */

import { create, createFileRegistry, setExtension, toBinary } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MessageOptionsSchema,
} from '@bufbuild/protobuf/wkt';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { storeSourcePlugin } from '../../src/agent/plugins/store-source.ts';
import { grpcClient } from '../../src/client/grpc-client.ts';
import { HttpClient } from '../../src/client/http.ts';
import { startTestAgent, type TestAgent } from '../../src/client/testing.ts';
import { model as modelOption } from '../../src/model/gen/ligato/generic/options_pb.js';
import { ModelSpecSchema } from '../../src/model/gen/ligato/generic/model_pb.js';

const folder = mkdtempSync(join(tmpdir(), 'lg-described-'));
after(() => rmSync(folder, { recursive: true }));

/** `message Lease { string name; repeated string addresses; Kind kind; }` of the model `acme.dhcp.lease`. */
function leaseFile(): FileDescriptorProto {
  const options = create(MessageOptionsSchema);
  setExtension(options, modelOption, create(ModelSpecSchema, { module: 'acme.dhcp', type: 'lease', version: 'v1' }));
  return create(FileDescriptorProtoSchema, {
    name: 'acme/lease.proto',
    package: 'acme.dhcp',
    syntax: 'proto3',
    enumType: [
      {
        name: 'Kind',
        value: [
          { name: 'DYNAMIC', number: 0 },
          { name: 'FIXED', number: 1 },
        ],
      },
    ],
    messageType: [
      {
        name: 'Lease',
        options,
        field: [
          { name: 'name', number: 1, type: Type.STRING, label: Label.OPTIONAL, jsonName: 'name' },
          { name: 'ip_addresses', number: 2, type: Type.STRING, label: Label.REPEATED, jsonName: 'ipAddresses' },
          {
            name: 'kind',
            number: 3,
            type: Type.ENUM,
            typeName: '.acme.dhcp.Kind',
            label: Label.OPTIONAL,
            jsonName: 'kind',
          },
        ],
      },
      {
        name: 'Server',
        field: [{ name: 'port', number: 1, type: Type.UINT32, label: Label.OPTIONAL, jsonName: 'port' }],
      },
    ],
  });
}

function fileWith(set: Uint8Array): string {
  const file = join(folder, 'models.binpb');
  writeFileSync(file, set);
  return file;
}

const set = (file = leaseFile()): Uint8Array =>
  toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [file] }));

async function ligature({ socketPath }: TestAgent, ...args: string[]) {
  const command = join(import.meta.dirname, '../../src/cli/main.ts');
  const child = spawn(process.execPath, [command, '--socket', socketPath, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { stdout, stderr, status };
}

interface Lease {
  readonly kind?: number;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 30_000; !(await holds()); await delay(20))
    if (performance.now() > end) assert.fail(`still not so after 30 s: ${holds}`);
}

const key = 'config/acme/dhcp/v1/lease/one';

test('registered by command line, its objects come and go by every way', async () => {
  await using agent = await startTestAgent();
  const registered = await ligature(agent, 'model', 'register', fileWith(set()), '--virtual', '-f', 'json');
  assert.deepEqual(
    JSON.parse(registered.stdout || '0'),
    [{ model: 'acme.dhcp.lease', effect: 'registered' }],
    registered.stderr,
  );

  // gRPC: the client learns the message from the agent, which has it from the descriptors.
  const client = grpcClient({ socketPath: agent.grpcSocketPath });
  const model = (await client.knownModels()).model('acme.dhcp.lease');
  const lease = model.fromJson({ name: 'one', ipAddresses: ['10.0.0.1'], kind: 'FIXED' });
  const { results } = await client.change().put(lease).send({ acknowledge: 'verified' });
  assert.deepEqual(results, [{ key, operation: 'CREATE', state: 'CONFIGURED', message: '' }]);
  const stranger = grpcClient({ socketPath: agent.grpcSocketPath });
  assert.deepEqual(
    (await stranger.get()).map((value) => ({ ...value })),
    [{ ...lease }],
  );
  assert.deepEqual(
    (await stranger.dump([{ model: 'acme.dhcp.lease' }])).map((one) => one.key),
    [key],
  );

  // REST: as configuration, in the group that follows from its module; and as a dump.
  const http = new HttpClient({ socketPath: agent.socketPath });
  const { acmeConfig } = await http.json<{ acmeConfig: { LeaseList?: unknown; Lease_list?: unknown } }>({
    path: '/api/v1/configuration',
  });
  assert.deepEqual(Object.values(acmeConfig), [[{ name: 'one', ipAddresses: ['10.0.0.1'], kind: 'FIXED' }]]);
  const [dumped] = await http.json<{ Value: unknown }[]>({
    path: '/scheduler/dump',
    query: { 'key-prefix': 'config/acme/dhcp/v1/lease/', view: 'NB' },
  });
  assert.deepEqual(dumped?.Value, {
    ProtoMsgName: 'acme.dhcp.Lease',
    ProtoMsgData: 'name:"one" ip_addresses:"10.0.0.1" kind:FIXED',
  });
  const schema = await http.text({ path: '/info/configuration/jsonschema' });
  assert.match(schema, /acmeConfig/);

  // Command line: files, states, dumps, reflection.
  const [list = ''] = Object.keys(acmeConfig);
  const config = join(folder, 'config.yaml');
  writeFileSync(config, `acmeConfig: { ${list}: [{ name: two }] }\n`);
  const applied = await ligature(agent, 'config', 'apply', config);
  assert.equal(applied.status, 0, applied.stderr);
  writeFileSync(config, `acmeConfig: { ${list}: [{ name: two, kind: LOST }] }\n`);
  assert.match((await ligature(agent, 'config', 'apply', config)).stderr, /kind/);
  assert.match((await ligature(agent, 'config', 'get')).stdout, /name: two/);
  assert.match((await ligature(agent, 'dump', 'acme.*', '--view', 'cached')).stdout, /one.*\n.*two|two/);
  assert.match((await ligature(agent, 'values', 'acme.dhcp.lease')).stdout, /two +CONFIGURED/);
  await client.change().delete(lease).send();
  await client.change().delete({ model: 'acme.dhcp.lease', name: 'two' }).send({ source: 'cli' });
  assert.deepEqual(await client.items(), []);
});

test('which messages are models can be said; what is wrong with a set is told', async () => {
  await using agent = await startTestAgent();
  const file = leaseFile();
  for (const message of file.messageType) delete message.options;
  const path = fileWith(set(file));
  const fails = async (message: RegExp, ...args: string[]): Promise<void> =>
    assert.match((await ligature(agent, 'model', 'register', path, ...args)).stderr, message);
  await fails(/no message of the set has the option/);
  await fails(
    /no message `acme.dhcp.Leases`; did you mean `acme.dhcp.Lease`/,
    '--model',
    'message=acme.dhcp.Leases,module=a,type=b',
  );
  await fails(/there is no field "name"/, '--model', 'name=acme.dhcp.Lease');
  await fails(
    /clashes with vpp.interfaces/,
    '--model',
    'message=acme.dhcp.Lease,module=vpp,type=interfaces,version=v2',
  );
  const choice = 'message=acme.dhcp.Server,module=acme,type=server,version=v1';
  assert.match((await ligature(agent, 'model', 'register', path, '--model', choice)).stdout, /acme.server +registered/);
  assert.match((await ligature(agent, 'model', 'register', path, '--model', choice)).stdout, /acme.server +unchanged/);
  assert.match(
    (await ligature(agent, 'model', 'register', path, '--virtual', '--model', choice)).stdout,
    /acme.server +at the next start/,
  );
  writeFileSync(path, 'no descriptors');
  await fails(/no google.protobuf.FileDescriptorSet|cannot be linked/);

  // Nobody programs it: wanted and kept, and the reason is told.
  const client = grpcClient({ socketPath: agent.grpcSocketPath });
  const server = (await client.knownModels()).model('acme.server').fromJson({ port: 67 });
  const { results } = await client.change().put(server).send();
  assert.deepEqual(
    results.map(({ state }) => state),
    ['UNIMPLEMENTED'],
  );
  assert.match((await ligature(agent, 'model', 'forget', 'acme.server')).stderr, /objects of acme.server are wanted/);
  await client.change().delete(server).send();
  assert.match((await ligature(agent, 'model', 'forget', 'acme.server')).stdout, /acme.server +at the next start/);
  assert.match(
    (await ligature(agent, 'model', 'forget', 'vpp.interfaces')).stderr,
    /no model vpp.interfaces was registered/,
  );
});

test('what stood in the watched store before its model was known is read with it', async () => {
  await using agent = await startTestAgent({ plugins: [storeSourcePlugin] });
  const put = (name: string, value: string) =>
    ligature(agent, 'kvdb', 'put', `config/acme/dhcp/v1/lease/${name}`, value);
  assert.equal((await put('one', '{"name":"one","kind":"FIXED"}')).status, 0);
  assert.equal((await put('bad', '{"nobody":"knows"}')).status, 0);
  assert.equal((await ligature(agent, 'model', 'register', fileWith(set()), '--virtual')).status, 0);
  const client = grpcClient({ socketPath: agent.grpcSocketPath });
  const held = async () => (await client.items()).map(({ key: found, value }) => [found, (value as Lease).kind]);
  await until(async () => (await held()).length > 0);
  assert.deepEqual(await held(), [[key, 1]]);

  // From then on as with every other model: checked, followed, and what could not be read is put right.
  assert.match((await put('bad', '{"nobody":"knows"}')).stderr, /nobody/);
  assert.equal((await put('bad', '{"name":"bad"}')).status, 0);
  assert.equal((await put('one', '{"name":"one"}')).status, 0);
  await until(async () => (await held()).length === 2);
  await until(async () => (await held()).every(([, kind]) => kind === 0));
  assert.equal((await ligature(agent, 'kvdb', 'del', key.slice(0, -3) + 'bad')).status, 0);
  await until(async () => (await held()).length === 1);
});

test('samples, schema and several files know the models of the agent', async () => {
  await using agent = await startTestAgent();
  const before = await ligature(agent, 'generate', 'acme.dhcp.lease');
  assert.deepEqual([before.status, before.stdout], [2, '']);
  assert.match(before.stderr, /there is no model `acme.dhcp.lease`/);
  assert.equal((await ligature(agent, 'model', 'register', fileWith(set()), '--virtual')).status, 0);

  const json = await ligature(agent, 'generate', 'acme.dhcp.lease', '-f', 'json');
  assert.deepEqual(JSON.parse(json.stdout || '0'), { name: '', ipAddresses: [], kind: 'DYNAMIC' }, json.stderr);
  const oneline = await ligature(agent, 'generate', 'acme.dhcp.lease', '--oneline', '--proto-names');
  assert.equal(oneline.stdout, '{"name":"","ip_addresses":[],"kind":"DYNAMIC"}\n', oneline.stderr);
  assert.match((await ligature(agent, 'generate', 'acme.dhcp.leas')).stderr, /did you mean `acme.dhcp.lease`/);
  assert.match((await ligature(agent, 'schema', '--agent')).stdout, /acmeConfig/);
  assert.doesNotMatch((await ligature(agent, 'schema')).stdout, /acmeConfig/);

  // A sample is a file that can be applied, here together with others: as one transaction.
  const sample = (await ligature(agent, 'generate', 'acme.dhcp.lease')).stdout;
  const one = join(folder, 'one.yaml');
  const two = join(folder, 'two.yaml');
  writeFileSync(one, sample.replace(/name: ''/, 'name: one'));
  writeFileSync(two, 'vppConfig:\n  interfaces:\n    - { name: tap1, type: TAP }\n');
  const applied = await ligature(agent, 'config', 'apply', one, two, '-f', 'json');
  const answer = JSON.parse(applied.stdout || '{}') as { values?: { key: string }[] };
  assert.deepEqual(
    answer.values?.map((value) => value.key),
    [key, 'config/vpp/v2/interfaces/tap1'],
    applied.stderr,
  );

  // Each problem is told where it stands in its own file, of form and of meaning, and nothing is applied.
  writeFileSync(one, 'acmeConfig:\n  leaseList:\n    - { name: two, kind: LOST }\n');
  writeFileSync(two, 'vppConfig:\n  interfaces:\n    - { name: tap2, colour: red }\n');
  const form = await ligature(agent, 'config', 'apply', one, two);
  assert.equal(form.status, 1);
  assert.match(form.stderr, /one\.yaml:[23]:\d+: /);
  assert.match(form.stderr, /two\.yaml:3:\d+: .*colour/);
  writeFileSync(one, '\n\nvppConfig:\n  interfaces:\n    - { name: tap2, type: TAP, mtu: 70000 }\n');
  writeFileSync(two, 'vppConfig:\n  interfaces:\n    - { name: tap3, type: TAP }\n');
  assert.match((await ligature(agent, 'config', 'plan', one, two)).stderr, /one\.yaml:5:\d+: .*mtu/);
  writeFileSync(one, 'vppConfig:\n  interfaces:\n    - { name: tap3, type: TAP }\n');
  const twice = await ligature(agent, 'config', 'apply', one, two);
  assert.match(twice.stderr, /two\.yaml:3:\d+: .*is in .*one\.yaml too/);
  assert.doesNotMatch((await ligature(agent, 'config', 'get')).stdout, /tap[23]/);
});

test('a set named in the configuration is there from the start', async () => {
  const conf = `descriptor-sets:\n  - { file: ${fileWith(set())}, virtual: true }\n`;
  await using agent = await startTestAgent({ files: { 'described-models.conf': conf } });
  assert.match((await ligature(agent, 'model', 'ls', 'acme.*')).stdout, /acme.dhcp.lease/);
  assert.ok(createFileRegistry(create(FileDescriptorSetSchema, { file: [leaseFile()] })).getMessage('acme.dhcp.Lease'));
  await assert.rejects(
    startTestAgent({ files: { 'described-models.conf': 'descriptor-sets: [{ file: none.binpb }]\n' } }),
    /described-models.conf: descriptor-sets\[0\].file: ENOENT/,
  );
});
