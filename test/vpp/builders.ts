/** Changes that many tests of the VPP side of features begin with. */

import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { interfaceKey } from '../../src/features/interface/model.ts';
import { Interface_Type as Type, InterfaceSchema } from '../../src/model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../src/model/key.ts';
import type { Change } from '../../src/scheduler/scheduler.ts';

/** An interface that is up. */
export function vppInterface(name: string, init: MessageInitShape<typeof InterfaceSchema>): Change {
  return { key: interfaceKey(name), value: create(InterfaceSchema, { enabled: true, ...init, name }) };
}

export function loopback(name: string, ipAddresses: string[] = []): Change {
  return vppInterface(name, { type: Type.SOFTWARE_LOOPBACK, ipAddresses });
}

/** Takes away what a change brought. */
export function gone({ key }: { readonly key: Key }): Change {
  return { key, value: null };
}
