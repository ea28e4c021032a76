import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { create, createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, test } from 'node:test';
import { ProtoFileDescriptorResponseSchema } from '../../src/model/gen/ligato/generic/meta_pb.js';
import { startTestAgent, type TestAgent } from '../../src/client/testing.ts';
import { bytes, type Data, decode, GrpcClient, list, text } from './grpc-client.ts';

const open = (agent: TestAgent): GrpcClient => new GrpcClient(`unix:${agent.grpcSocketPath}`);

describe('MetaService', () => {
  test('KnownModels lists models of a class with what clients compute keys from', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    const method = 'ligato.generic.MetaService/KnownModels';
    const all = (await client.call(method)).message;
    const config = (await client.call(method, { class: 'config' })).message;
    assert.equal(list(all['known_models']).length, 45);
    assert.equal(list(config['known_models']).length, 44);
    const route = list(config['known_models']).find(({ proto_name: name }) => text(name) === 'ligato.vpp.l3.Route');
    assert.deepEqual(route?.['spec'], { module: 'vpp', version: 'v2', type: 'route', class: 'config' });
    const options = Object.fromEntries(list(route?.['options']).map(({ key, values }) => [text(key), list(values)]));
    assert.deepEqual(options['protoFile'], ['ligato/vpp/l3/route.proto']);
    assert.match(text(options['nameTemplate']?.[0]), /\.OutgoingInterface/);
    assert.deepEqual(list(config['active_modules']).map(text).sort(), ['vpp', 'vpp.ipsec', 'vpp.l2']);
  });

  test('files of models come with all they need, in an order in which they can be loaded', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    const method = 'ligato.generic.MetaService/ProtoFileDescriptor';
    // The bytes as they came: protobufjs does not write descriptors as it reads them.
    const answer = await client.raw(method, { full_proto_file_name: 'ligato/vpp/acl/acl.proto' });
    const { fileDescriptor, fileImportDescriptors } = fromBinary(ProtoFileDescriptorResponseSchema, answer);
    const files = [...(fileImportDescriptors?.file ?? []), ...(fileDescriptor === undefined ? [] : [fileDescriptor])];
    const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: files }));
    assert.deepEqual(
      registry.getMessage('ligato.vpp.acl.ACL')?.fields.map(({ name }) => name),
      ['name', 'rules', 'interfaces'],
    );
    const known = new Set<string>();
    for (const { name, dependency } of files) {
      for (const needed of dependency) assert.ok(known.has(needed), `${name} comes before ${needed}`);
      known.add(name);
    }
    await assert.rejects(client.call(method, { full_proto_file_name: 'ligato/vpp/acl/acls.proto' }), {
      code: status.NOT_FOUND,
      details: /ligato\/vpp\/acl\/acl\.proto/,
    });
  });
});

for (const version of ['v1', 'v1alpha']) {
  test(`reflection ${version} lists services and gives the files of symbols`, async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    const method = `grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const [services, symbol, byName, none, extensions] = await client.exchange(method, [
      { host: 'here', list_services: '*' },
      { file_containing_symbol: 'ligato.generic.ManagerService.SetConfig' },
      { file_by_filename: 'ligato/vpp/vpp.proto' },
      { file_containing_symbol: 'ligato.nothing' },
      { all_extension_numbers_of_type: 'google.protobuf.FieldOptions' },
    ]);
    const names = list(services?.['list_services_response']?.['service']).map(({ name }) => text(name));
    for (const name of [
      'ligato.configurator.ConfiguratorService',
      'ligato.generic.ManagerService',
      'grpc.health.v1.Health',
    ])
      assert.ok(names.includes(name), name);
    assert.equal(services?.['valid_host'], 'here');
    assert.equal(services?.['original_request']?.['list_services'], '*');
    for (const answer of [symbol, byName]) {
      const files = list(answer?.['file_descriptor_response']?.['file_descriptor_proto']).map((file) =>
        decode('google.protobuf.FileDescriptorProto', bytes(file)),
      );
      assert.ok(files.length > 1);
      const there = new Set(files.map(({ name }) => text(name)));
      for (const { dependency } of files)
        for (const needed of list(dependency)) assert.ok(there.has(text(needed)), text(needed));
    }
    assert.equal(none?.['error_response']?.['error_code'], status.NOT_FOUND);
    assert.deepEqual(extensions?.['all_extension_numbers_response']?.['extension_number'], [2000]);
  });
}

test('health: serves as a whole and each service; a watch tells when that changes', async () => {
  await using agent = await startTestAgent();
  using client = open(agent);
  const method = 'grpc.health.v1.Health';
  for (const service of ['', 'ligato.generic.ManagerService'])
    assert.equal((await client.call(`${method}/Check`, { service })).message['status'], 'SERVING');
  await assert.rejects(client.call(`${method}/Check`, { service: 'none' }), { code: status.NOT_FOUND });
  const stream = client.stream(`${method}/Watch`);
  assert.equal(((await stream.next()).value as Data)['status'], 'SERVING');
  agent.application.info.health.report('kvscheduler', 'error', 'a test');
  assert.equal(((await stream.next()).value as Data)['status'], 'NOT_SERVING');
  await stream.return(undefined);
});
