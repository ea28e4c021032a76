/** `ligato.generic.MetaService`: what models there are, and the files that define them. */

import { create, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import {
  KnownModelsResponseSchema,
  type MetaService,
  ProtoFileDescriptorResponseSchema,
} from '../../model/gen/ligato/generic/meta_pb.js';
import { didYouMean, modelDetail, type ModelRegistry } from '../../model/index.ts';
import type { ServiceNeeds } from './needs.ts';

export function metaService({ models, activeModules }: ServiceNeeds): ServiceImpl<typeof MetaService> {
  return {
    knownModels({ class: wanted }) {
      const known = models.models(wanted === '' ? undefined : wanted).map(modelDetail);
      known.sort((left, right) => (left.protoName < right.protoName ? -1 : 1));
      return create(KnownModelsResponseSchema, { knownModels: known, activeModules: [...activeModules()] });
    },

    protoFileDescriptor({ fullProtoFileName: name }) {
      const files = filesOf(models);
      const file = files.get(name);
      if (file === undefined)
        throw new ConnectError(`no model is defined in "${name}"${didYouMean(name, files.keys())}`, Code.NotFound);
      const imports = importsOf(file);
      return create(ProtoFileDescriptorResponseSchema, {
        fileDescriptor: file.proto,
        fileImportDescriptors: create(FileDescriptorSetSchema, { file: imports.map(({ proto }) => proto) }),
      });
    },
  };
}

/** Files with models, by path. */
function filesOf(models: ModelRegistry): ReadonlyMap<string, DescFile> {
  return new Map(models.models().map(({ message: { file } }) => [`${file.name}.proto`, file]));
}

/** All that a file needs, each after those it needs itself. */
function importsOf(file: DescFile): readonly DescFile[] {
  const found = new Map<string, DescFile>();
  const visit = (one: DescFile): void => {
    for (const needed of one.dependencies) {
      if (found.has(needed.name)) continue;
      visit(needed);
      found.set(needed.name, needed);
    }
  };
  visit(file);
  return [...found.values()];
}
