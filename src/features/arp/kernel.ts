/** Neighbours of VPP interfaces in the Linux kernel. */

import { create } from '@bufbuild/protobuf';
import { ARPEntrySchema } from '../../model/gen/ligato/vpp/l3/arp_pb.js';
import type { ARPEntry } from '../../model/gen/ligato/vpp/l3/arp_pb.js';
import { routeProtocols } from '../../kernel/pipeline/numbers.ts';
import type { GraphView, Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelInterface } from '../interface/kernel-metadata.ts';
import { INTERFACE_PREFIX, interfaceKey } from '../interface/model.ts';
import { departingInterface } from '../kernel/departure.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { neighbourHandler } from '../kernel/neighbour.ts';
import type { NeighbourModel } from '../kernel/neighbour.ts';
import { upkeeps } from '../kernel/upkeep.ts';
import { arpKey } from './model.ts';

const upkeepOf = upkeeps();

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [neighbourHandler(engine, upkeepOf(engine), modelOf(engine))] as readonly Handler[];
}

export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  upkeepOf(engine).watch(scheduler, signal);
  return Promise.resolve();
}

function modelOf({ driver }: KernelEngine): NeighbourModel<ARPEntry> {
  const namespace = driver.vswitch;
  return {
    kind: 'vpp.arp',
    protocol: routeProtocols.neighbour,
    retrieveAfter: ['vpp.interfaces'],
    place(graph, value) {
      const device = graph.metadata<KernelInterface>(interfaceKey(value.interface));
      return device && { namespace, link: device.ifindex };
    },
    departing: (graph, value) => departingInterface(graph, value.interface),
    address: (_graph, { ipAddress }) => ipAddress,
    mac: ({ physAddress }) => physAddress,
    isStatic: (value) => value.static,
    read: (wanted, { mac, isStatic }) => ({ ...wanted, physAddress: mac, static: isStatic }),
    devices: (graph) => devices(graph).map(({ ifindex, name }) => ({ namespace, link: ifindex, name })),
    stranger: (name, address) => ({
      key: arpKey(name, address),
      value: create(ARPEntrySchema, { interface: name, ipAddress: address }),
    }),
  };
}

function devices(graph: GraphView): readonly { readonly ifindex: number; readonly name: string }[] {
  return [...graph.appliedUnder(INTERFACE_PREFIX)].flatMap(([key]) => {
    const device = graph.metadata<KernelInterface>(key);
    return device ? [{ ifindex: device.ifindex, name: key.slice(INTERFACE_PREFIX.length) }] : [];
  });
}
