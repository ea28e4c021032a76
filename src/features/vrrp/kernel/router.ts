/** `vpp.vrrp` in the Linux kernel: all virtual routers are one keepalived, which reads its file again when they change. */

import { create } from '@bufbuild/protobuf';
import { VRRPEntrySchema } from '../../../model/gen/ligato/vpp/l3/vrrp_pb.js';
import type { VRRPEntry } from '../../../model/gen/ligato/vpp/l3/vrrp_pb.js';
import { asKey } from '../../../model/key.ts';
import type { Key } from '../../../model/key.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { AggregateChange, GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { KernelDaemon } from '../../kernel/daemon.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { lackingVrfDevices, refusedWithoutVrfDevices } from '../../kernel/vrf-devices.ts';
import { vrrpEntry } from '../model.ts';
import { blockOf, blocksIn, configurationOf } from './configuration.ts';
import type { Placed } from './configuration.ts';
import type { VrrpStates } from './states.ts';

/** The device the routers see each other on. */
export interface KernelVrrp {
  readonly device: string;
}

type Item = Retrieved<VRRPEntry, KernelVrrp>;

export function vrrpHandler(
  engine: KernelEngine,
  daemon: KernelDaemon,
  states: VrrpStates,
): Handler<VRRPEntry, KernelVrrp> {
  return {
    kind: vrrpEntry.name,
    engine: 'kernel',
    support: {
      grade: 'proven',
      needs: ['macvlan'],
      note: 'by keepalived (Debian: keepalived), which has to be installed',
    },
    unsupported: (_key, { unicast }) =>
      unicast
        ? 'kernel: the model names no peers that advertisements could be sent to; without unicast they go to the group'
        : undefined,
    // Without vrf devices its VRF counts.
    dependencies: (_key, { interface: name }) =>
      lackingVrfDevices(engine) === undefined
        ? []
        : [{ label: `VRF of interface ${name}`, key: interfaceKey(name), watches: 'change' }],
    aggregate: () => 'keepalived',
    reconcile: (context, change) => reconcile(engine, daemon, states, context, change),
    create: inAggregate,
    update: inAggregate,
    remove: inAggregate,
    retrieve: (context) => retrieve(daemon, states, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

/** Never called, as all have an aggregate. */
function inAggregate(): Promise<never> {
  return Promise.reject(new SchedulerError('usage', 'virtual routers are made by reconcile'));
}

async function reconcile(
  engine: KernelEngine,
  daemon: KernelDaemon,
  states: VrrpStates,
  graph: GraphView,
  { before, after }: AggregateChange<VRRPEntry, KernelVrrp>,
): Promise<ReadonlyMap<Key, KernelVrrp | Error>> {
  const outcome = new Map<Key, KernelVrrp | Error>();
  const routers: Placed[] = [];
  for (const [key, value] of after) {
    try {
      const device = deviceOf(engine, graph, value.interface);
      routers.push({ key, value, device });
      outcome.set(key, { device });
    } catch (error) {
      outcome.set(key, error as Error);
    }
  }
  if (routers.length === 0) await daemon.stop();
  else await daemon.run(configurationOf(routers));
  for (const key of before.keys()) if (!after.has(key)) states.forget(key);
  for (const router of routers) states.follow(router);
  return outcome;
}

/** Only what needs no quoting in keepalived's file. */
function deviceOf(engine: KernelEngine, graph: GraphView, name: string): string {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`);
  const { vrf = 0 } = (graph.applied(interfaceKey(name)) ?? {}) as Partial<Interface>;
  const refusal = vrf === 0 ? undefined : refusedWithoutVrfDevices(engine, 'a virtual router in a VRF needs');
  if (refusal !== undefined) throw new SchedulerError('unimplemented', refusal, { retriable: false });
  if (/^[\w.:-]+$/.test(device.name)) return device.name;
  const message = `kernel: keepalived takes no device called ${device.name}; letters, digits and . : _ - are accepted`;
  throw new SchedulerError('unimplemented', message, { retriable: false });
}

async function retrieve(
  daemon: KernelDaemon,
  states: VrrpStates,
  context: RetrieveContext<VRRPEntry, KernelVrrp>,
): Promise<readonly Item[]> {
  const configuration = await daemon.running();
  if (configuration === undefined) return [];
  await daemon.adopt();
  const items: Item[] = [];
  for (const [text, block] of blocksIn(configuration)) {
    const key = asKey(text);
    if (context.keys && !context.keys.has(key)) continue;
    const wanted = context.expected.get(key)?.value;
    const device = wanted && context.metadata<KernelInterface>(interfaceKey(wanted.interface))?.name;
    if (wanted && device !== undefined && blockOf({ key, value: wanted, device }) === block) {
      items.push({ key, value: wanted, metadata: { device }, origin: 'ours' });
      states.follow({ key, value: wanted, device });
    } else {
      items.push({
        key,
        value: wanted ? { ...wanted, priority: 0 } : strange(text),
        metadata: { device: '' },
        origin: 'ours',
      });
    }
  }
  return items;
}

function strange(key: string): VRRPEntry {
  const [, name = '', number = '0'] = /^config\/vpp\/v2\/vrrp\/(.*)\/vrid\/(\d+)$/.exec(key) ?? [];
  return create(VRRPEntrySchema, { interface: name, vrId: Number(number) });
}
