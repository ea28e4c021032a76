import type { Message } from '@bufbuild/protobuf';

/** Objects by model and name. Without a name all of the model are meant. */
export interface ObjectId {
  /** e.g. `vpp.interfaces`. */
  readonly model: string;
  /** Last part of the key, e.g. `tap1`. */
  readonly name?: string;
}

export function isObjectId(one: Message | Required<ObjectId>): one is Required<ObjectId> {
  return !('$typeName' in one);
}
