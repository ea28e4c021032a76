import type { Interface, Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { canonicalIp } from '../../../model/address.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, OperationContext } from '../../../scheduler/handler.ts';
import type { Dependency } from '../../../scheduler/kind.ts';
import { isVppError } from '../../../vpp/index.ts';
import { NO_INDEX } from '../../vpp/engine.ts';
import { swIfIndexOf } from '../vpp-metadata.ts';
import type { InterfaceDetails, VppDump } from '../../vpp/dump.ts';
import type { VppInterface } from '../vpp-metadata.ts';

/** How interfaces of one type are made, deleted and read. What all types share is in `interface.ts`. */
export interface InterfaceMaker {
  readonly type: Interface_Type;
  /** What VPP calls the type (`interface_dev_type`); sub-interfaces have the one of the interface that they are on. */
  readonly deviceTypes: readonly string[];
  /** The MAC address is given when it is made, and cannot be changed. */
  readonly macIsFixed?: boolean;
  unsupported(value: Interface): string | undefined;
  /** What has to be there first on this engine. Pure. */
  dependencies?(value: Interface): readonly Dependency[];
  /** Returns VPP's number of the interface. */
  create(context: OperationContext, value: Interface): Promise<number>;
  remove(context: OperationContext, value: Interface, metadata: VppInterface): Promise<void>;
  /** Whether a change of what only this type has can only be made by a new interface. Default: any change of `link`. */
  recreate?(from: Interface, to: Interface): boolean;
  /** Makes the change that `recreate` said can be made in place. */
  update?(context: OperationContext, from: Interface, to: Interface, metadata: VppInterface): Promise<void>;
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

type Link = Interface['link'];
type Case = NonNullable<Link['case']>;
type LinkOf<C extends Case> = Extract<Link, { case: C }>['value'];

/** What only this type has. Validation has seen to it that it is there. */
export function linkOf<C extends Case>({ name, link }: Interface, which: C): LinkOf<C> {
  if (link.case !== which) throw new SchedulerError('usage', `${name} has no ${which}`);
  return link.value as LinkOf<C>;
}

/** An address that VPP told, as it was wanted where it is the same. */
export function spelledAs(found: string, wanted: string): string {
  return canonicalIp(wanted) === found ? wanted : found;
}

/** The interface that carries a multicast group, for VPP. */
export function carrierOf(graph: GraphView, multicast: string): number {
  return multicast === '' ? NO_INDEX : swIfIndexOf(graph, multicast);
}

/** The same as it was found; it may have no metadata yet. */
export async function carrierName(dump: VppDump, swIfIndex: number): Promise<string> {
  return swIfIndex === NO_INDEX ? '' : (await dump.interfaces()).nameOf(swIfIndex);
}

/** The request; when VPP refuses, its words and `what` was asked for: VPP names no devices. */
export async function naming<R>(what: string, request: Promise<R>): Promise<R> {
  try {
    return await request;
  } catch (error) {
    if (!isVppError(error, 'refused')) throw error;
    throw new SchedulerError('failed', `${error.message}: ${what}`, { cause: error, retriable: error.retriable });
  }
}
