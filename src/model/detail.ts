import { create } from '@bufbuild/protobuf';
import { type ModelDetail, ModelDetailSchema } from './gen/ligato/generic/model_pb.js';
import type { Model } from './model.ts';

/** What clients are told of a model (MetaService.KnownModels); they compute names of objects from `nameTemplate`. */
export function modelDetail(model: Model): ModelDetail {
  const options = [{ key: 'protoFile', values: [`${model.message.file.name}.proto`] }];
  if (model.nameTemplate !== undefined) options.unshift({ key: 'nameTemplate', values: [model.nameTemplate] });
  return create(ModelDetailSchema, { spec: model.spec, protoName: model.message.typeName, options });
}
