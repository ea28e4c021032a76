/** Models of an agent that are not built in, by the descriptors it sends: their messages are dynamic, with the same API. */

import { create, createFileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { type Client, createClient } from '@connectrpc/connect';
import { MetaService } from '../model/gen/ligato/generic/meta_pb.js';
import type { ModelDetail } from '../model/gen/ligato/generic/model_pb.js';
import type { ModelRegistry } from '../model/registry.ts';
import { ClientError } from './errors.ts';
import type { RemoteCalls } from './transport.ts';

/** Adds what the registry lacks. Models that it has are left as they are. */
export async function learnModels(registry: ModelRegistry, { transport, once }: RemoteCalls): Promise<void> {
  const meta = createClient(MetaService, transport);
  const { knownModels } = await meta.knownModels({}, once);
  const files = new Map<string, ReturnType<typeof createFileRegistry>>();
  for (const detail of knownModels) {
    const { spec, protoName } = detail;
    if (spec === undefined || registry.findModel(`${spec.module}.${spec.type}`) !== undefined) continue;
    const name = optionOf(detail, 'protoFile');
    if (name === undefined) continue;
    const known = files.get(name) ?? (await fileOf(meta, name, once));
    files.set(name, known);
    const message = known.getMessage(protoName);
    if (message === undefined)
      throw new ClientError('protocol', `the agent sent ${name}, which does not have its model's message ${protoName}`);
    registry.register({ spec, message, nameTemplate: optionOf(detail, 'nameTemplate') ?? null });
  }
}

async function fileOf(meta: Client<typeof MetaService>, name: string, once: RemoteCalls['once']) {
  const { fileDescriptor, fileImportDescriptors } = await meta.protoFileDescriptor({ fullProtoFileName: name }, once);
  if (fileDescriptor === undefined) throw new ClientError('protocol', `the agent sent no descriptor of ${name}`);
  const file = [...(fileImportDescriptors?.file ?? []), fileDescriptor];
  return createFileRegistry(create(FileDescriptorSetSchema, { file }));
}

function optionOf({ options }: ModelDetail, key: string): string | undefined {
  return options.find((option) => option.key === key)?.values[0];
}
