/** Reading configurations: YAML to objects, objects to messages, messages to keys. */
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { load } from 'js-yaml';
import { RouteSchema } from '../src/model/gen/ligato/vpp/l3/route_pb.js';
import { createModelRegistry, formatConfiguration, parseConfiguration } from '../src/model/index.ts';
import { type Result, result } from './result.ts';
import { fastest, timed } from './statistics.ts';

export const sections = { texts: run };

const runs = 15;
const count = 10_000;

async function run(): Promise<readonly Result[]> {
  const registry = createModelRegistry();
  const model = registry.model('vpp.route');
  const objects = Array.from({ length: count }, (_, index) => route(index));
  const messages = objects.map((object) => model.fromJson(object));
  const many = Array.from({ length: 10 }, () => messages).flat();
  const yaml = formatConfiguration(messages, 'yaml', { registry });

  const best = (work: () => unknown): Promise<number> => fastest(runs, () => timed(work));
  const peer = await best(() => objects.map((object) => fromJson(RouteSchema, object as JsonValue)));
  const parser = await best(() => load(yaml));
  return [
    result(
      '10,000 routes from parsed objects to messages',
      await best(() => objects.map((object) => model.fromJson(object))),
      'ms',
      { value: peer, from: 'protobuf-es fromJson, same run' },
    ),
    result('100,000 keys of routes', await best(() => many.map((message) => model.keyOf(message))), 'ms', {
      value: 100,
      from: 'target',
    }),
    result(
      `10,000 routes from YAML (${(yaml.length / 1e6).toFixed(1)} MB) to keys and messages`,
      await best(() => parseConfiguration(yaml, { registry })),
      'ms',
      { value: parser, from: 'js-yaml load of the text alone, same run' },
    ),
    result(
      '10,000 routes from messages to JSON text',
      await best(() => messages.map((message) => registry.encode(message, 'json'))),
      'ms',
    ),
  ];
}

function route(index: number): object {
  return {
    vrfId: index % 10,
    dstNetwork: `10.${index >> 8}.${index & 255}.0/24`,
    nextHopAddr: '192.168.1.1',
    outgoingInterface: `tap${index % 100}`,
    weight: 1,
  };
}
