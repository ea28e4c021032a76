/**
 * `vpp.interfaces.ip6nd`: addresses and default routes from routers that advertise themselves. The kernel's own autoconfiguration,
 * switched on for this device; the vswitch forwards, hence `accept_ra` 2.
 */

import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { KernelEngine } from '../../kernel/engine.ts';
import { lackingVrfDevices, refusedWithoutVrfDevices } from '../../kernel/vrf-devices.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import { interfaceKey } from '../model/keys.ts';
import type { Ip6Nd } from '../model/parts.ts';
import { renewLinkLocal } from './link-local.ts';

type Metadata = { readonly device: string };

export function ip6ndHandler(engine: KernelEngine): Handler<Ip6Nd, Metadata> {
  const sysctl = engine.driver.sysctl(engine.driver.vswitch);

  async function configure(graph: GraphView, key: Key, value: Ip6Nd): Promise<Metadata> {
    const device = graph.metadata<KernelInterface>(interfaceKey(value.interface));
    if (!device) throw new SchedulerError('failed', `interface ${value.interface} has no device`, { key });
    const { vrf = 0 } = (graph.desired(interfaceKey(value.interface)) ?? {}) as Partial<Interface>;
    const learns = value.addressAutoconfig || value.installDefaultRoutes;
    const what = 'IPv6 addresses and routes that routers advertise in a VRF need';
    const refusal = vrf !== 0 && learns ? refusedWithoutVrfDevices(engine, what) : undefined;
    if (refusal !== undefined) throw new SchedulerError('unimplemented', refusal, { key, retriable: false });
    for (const [name, wanted] of settingsOf(value)) await sysctl.write(pathOf(device.name, name), wanted);
    renewLinkLocal(engine, device.name);
    return { device: device.name };
  }

  return {
    kind: 'vpp.interfaces.ip6nd',
    engine: 'kernel',
    // Without vrf devices its VRF counts: made again in another one.
    dependencies: (_key, { interface: name }) =>
      lackingVrfDevices(engine) === undefined
        ? []
        : [{ label: `VRF of interface ${name}`, key: interfaceKey(name), watches: 'change' }],
    create: configure,
    update: (context, key, _from, to) => configure(context, key, to),
    async remove(_context, _key, value, { device }) {
      for (const [name] of settingsOf(value)) {
        try {
          await sysctl.restore(pathOf(device, name));
        } catch (error) {
          if (!isKernelError(error, 'ENOENT')) throw error;
        }
      }
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

function settingsOf({ addressAutoconfig, installDefaultRoutes }: Ip6Nd): readonly (readonly [string, number])[] {
  return [
    ['accept_ra', addressAutoconfig || installDefaultRoutes ? FORWARDING_TOO : 0],
    ['accept_ra_pinfo', Number(addressAutoconfig)],
    ['autoconf', Number(addressAutoconfig)],
    ['accept_ra_defrtr', Number(installDefaultRoutes)],
    ['router_solicitations', addressAutoconfig || installDefaultRoutes ? UNTIL_ANSWERED : 0],
  ];
}

/** Value of accept_ra for a router: 1 would listen on hosts only. */
const FORWARDING_TOO = 2;

/** Value of router_solicitations: routers are asked again, less and less often. */
const UNTIL_ANSWERED = -1;

function pathOf(device: string, name: string): string {
  return `net/ipv6/conf/${device}/${name}`;
}

async function retrieve(
  engine: KernelEngine,
  context: RetrieveContext<Ip6Nd, Metadata>,
): Promise<readonly Retrieved<Ip6Nd, Metadata>[]> {
  const sysctl = engine.driver.sysctl(engine.driver.vswitch);
  const retrieved: Retrieved<Ip6Nd, Metadata>[] = [];
  for (const [key, { value }] of context.expected) {
    const device = context.metadata<KernelInterface>(interfaceKey(value.interface))?.name;
    if (device === undefined || (context.keys && !context.keys.has(key))) continue;
    const read = async (name: string): Promise<boolean> => Number(await sysctl.read(pathOf(device, name))) > 0;
    const listens = await read('accept_ra');
    const addressAutoconfig = listens && (await read('autoconf')) && (await read('accept_ra_pinfo'));
    const installDefaultRoutes = listens && (await read('accept_ra_defrtr'));
    const found = { interface: value.interface, addressAutoconfig, installDefaultRoutes };
    retrieved.push({ key, value: found, metadata: { device }, origin: 'ours' });
  }
  return retrieved;
}
