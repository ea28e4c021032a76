/** Neighbours of Linux interfaces in the Linux kernel. */

import { create } from '@bufbuild/protobuf';
import { ARPEntrySchema } from '../../model/gen/ligato/linux/l3/arp_pb.js';
import type { ARPEntry } from '../../model/gen/ligato/linux/l3/arp_pb.js';
import { routeProtocols } from '../../kernel/pipeline/numbers.ts';
import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { departingLinuxInterface } from '../kernel/departure.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { neighbourHandler } from '../kernel/neighbour.ts';
import type { NeighbourModel } from '../kernel/neighbour.ts';
import { upkeeps } from '../kernel/upkeep.ts';
import type { KernelLinuxInterface } from '../linux-interface/kernel-metadata.ts';
import { LINUX_INTERFACE_PREFIX, linuxInterfaceKey } from '../linux-interface/model.ts';
import { resolveAddress } from '../netalloc/model.ts';
import { linuxArpKey } from './model.ts';

const upkeepOf = upkeeps();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [neighbourHandler(engine, upkeepOf(engine), model)] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  upkeepOf(engine).watch(scheduler, signal);
  return Promise.resolve();
}

const model: NeighbourModel<ARPEntry> = {
  kind: 'linux.l3.arp',
  protocol: routeProtocols.linuxNeighbour,
  retrieveAfter: ['linux.interfaces.interface', 'netalloc.ip'],
  place(graph, value) {
    const device = graph.metadata<KernelLinuxInterface>(linuxInterfaceKey(value.interface));
    return device && { namespace: device.namespace, link: device.ifindex };
  },
  departing: (graph, value) => departingLinuxInterface(graph, value.interface),
  address: (graph, { ipAddress, interface: name }) => resolveAddress(graph, ipAddress, name, 'address'),
  mac: ({ hwAddress }) => hwAddress,
  isStatic: () => true,
  // The model knows permanent entries only: one that may be learned anew is not what is wanted.
  read: (wanted, { mac, isStatic }) => ({ ...wanted, hwAddress: isStatic ? mac : '' }),
  *devices(graph) {
    for (const [key] of graph.appliedUnder(LINUX_INTERFACE_PREFIX)) {
      const device = graph.metadata<KernelLinuxInterface>(key);
      if (!device) continue;
      yield { namespace: device.namespace, link: device.ifindex, name: key.slice(LINUX_INTERFACE_PREFIX.length) };
    }
  },
  stranger: (name, address) => ({
    key: linuxArpKey(name, address),
    value: create(ARPEntrySchema, { interface: name, ipAddress: address }),
  }),
};
