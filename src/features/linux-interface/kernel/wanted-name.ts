import type { Interface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import type { WantedName } from '../../kernel/taken-name.ts';
import { linuxInterfaceKey } from '../model/keys.ts';
import { hostIfName } from '../model/parts.ts';

/** The name that a Linux interface asks for, for the error when somebody else has it. */
export function wantedName(value: Interface, namespace: Namespace): WantedName {
  const { name } = value;
  const field = `host_if_name of Linux interface ${name}`;
  return { key: linuxInterfaceKey(name), field, name: hostIfName(value), namespace };
}
