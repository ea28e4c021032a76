import type { Interface, Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Dependency } from '../../../scheduler/kind.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Dump } from '../../../kernel/rtnl/dump.ts';
import type { GraphView, OperationContext } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../kernel-metadata.ts';

/** How interfaces of one type are made of kernel devices. One file a type; `interface.ts` chooses. */
export interface DeviceMaker {
  readonly type: Interface_Type;
  /** Role in the mark of the main device. */
  readonly role: string;
  /** Why this kernel cannot, or undefined. */
  unsupported?(value: Interface): string | undefined;
  dependencies?(value: Interface): readonly Dependency[];
  create(context: OperationContext, value: Interface): Promise<KernelInterface>;
  /** Type-specific change in place; MAC, MTU and state are changed by the caller. */
  change?(
    context: OperationContext,
    from: Interface,
    to: Interface,
    metadata: KernelInterface,
  ): Promise<KernelInterface>;
  /** Whether the type-specific change needs new devices. Default: any change of `link` does. */
  recreate?(from: Interface, to: Interface): boolean;
  remove(context: OperationContext, value: Interface, metadata: KernelInterface): Promise<void>;
  /** Reads an existing one back; undefined when it is not whole and has to be made anew. */
  read(found: Found): Promise<Item | undefined>;
  /** What is left of interfaces whose devices are gone, given all devices. */
  strays?(links: readonly Link[]): Promise<readonly Item[]>;
}

interface Item {
  readonly value: Interface;
  readonly metadata: KernelInterface;
}

/** A device with our mark, found by retrieve. */
export interface Found {
  readonly link: Link;
  readonly dump: Dump;
  /** Of the retrieval (`RetrieveContext.session`). */
  readonly session: object;
  readonly graph: GraphView;
  /** What was wanted under this name; a bare value of the role's type when nobody wants it. */
  readonly wanted: Interface;
}
