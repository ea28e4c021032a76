/** The device that a list is bound to. */

import type { Key } from '../../../model/key.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { SpreadTable } from '../../kernel/spread-tables.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { AclInterface } from '../model.ts';

/** Where the binding is: the device whose chain it is in. */
export interface Binding {
  readonly device: string;
  readonly ifindex: number;
  /** Where its chain is, when that was found and is of no interface that is wanted. */
  readonly table?: SpreadTable;
}

export function deviceOf(graph: GraphView, key: Key, { interface: name }: AclInterface): Binding {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
  return { device: device.name, ifindex: device.ifindex };
}
