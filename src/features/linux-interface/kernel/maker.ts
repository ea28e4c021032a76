import type { Interface, Interface_Type } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import type { Dump } from '../../../kernel/rtnl/dump.ts';
import type { GraphView, OperationContext } from '../../../scheduler/handler.ts';
import type { KernelLinuxInterface } from '../kernel-metadata.ts';

/** How Linux interfaces of one type are made, or taken. One file a type; `interface.ts` chooses. */
export interface LinuxMaker {
  readonly type: Interface_Type;
  /** Role in the mark of the device; undefined: the device is not ours, and carries no mark. */
  readonly role?: string;
  create(context: OperationContext, value: Interface, namespace: Namespace): Promise<KernelLinuxInterface>;
  /** Type-specific change in place; MAC, MTU and state are changed by the caller. */
  change?(from: Interface, to: Interface, metadata: KernelLinuxInterface): Promise<void>;
  remove(context: OperationContext, value: Interface, metadata: KernelLinuxInterface): Promise<void>;
  /** The value as the kernel has it; undefined: not whole, has to be made anew. */
  read?(found: Found): Promise<Interface | undefined>;
}

/** The device of a wanted Linux interface. */
export interface Found {
  readonly link: Link;
  readonly namespace: Namespace;
  readonly dump: Dump;
  /** Of the retrieval (`RetrieveContext.session`). */
  readonly session: object;
  readonly graph: GraphView;
  readonly wanted: Interface;
}
