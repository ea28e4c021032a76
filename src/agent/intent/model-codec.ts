import type { Message } from '@bufbuild/protobuf';
import type { ModelRegistry } from '../../model/index.ts';
import type { ValueCodec } from './archive.ts';

/** Values in the store: proto3 JSON, as the model of their key says. */
export function modelCodec(models: ModelRegistry): ValueCodec {
  return {
    encode: (_key, value) => Buffer.from(models.encode(value as Message, 'json')),
    decode: (key, bytes) => models.decode(key, Buffer.from(bytes).toString()),
  };
}
