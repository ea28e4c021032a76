import type { Interface, Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { GraphView, OperationContext } from '../../../scheduler/handler.ts';
import type { InterfaceDetails, VppDump } from '../../vpp-dump.ts';
import type { VppInterface } from '../vpp-metadata.ts';

/** How interfaces of one type are made, deleted and read. What all types share is in `interface.ts`. */
export interface InterfaceMaker {
  readonly type: Interface_Type;
  /** What VPP calls the type (`interface_dev_type`). */
  readonly deviceType: string;
  /** The MAC address is given when it is made, and cannot be changed. */
  readonly macIsFixed?: boolean;
  unsupported(value: Interface): string | undefined;
  /** Returns VPP's number of the interface. */
  create(context: OperationContext, value: Interface): Promise<number>;
  remove(context: OperationContext, value: Interface, metadata: VppInterface): Promise<void>;
  /** Whether a change of what only this type has can only be made by a new interface. Default: any change of `link`. */
  recreate?(from: Interface, to: Interface): boolean;
  /** What only this type has, as it is; undefined when it is not whole. */
  read(found: Found): Promise<Interface['link'] | undefined>;
}

export interface Found {
  readonly details: InterfaceDetails;
  readonly dump: VppDump;
  readonly graph: GraphView;
  /** What is expected, or an interface of that name and type with nothing in it. */
  readonly wanted: Interface;
}
