/** IPsec in the Linux kernel (xfrm). */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { associationHandler } from './kernel/association.ts';
import { Associations } from './kernel/associations.ts';
import { Databases } from './kernel/databases.ts';
import { databaseHandler, ruleHandler, spdInterfaceHandler } from './kernel/database.ts';
import { EncapsulationPorts } from './kernel/encapsulation-ports.ts';
import { PacketTable } from './kernel/packet-table.ts';
import { Policies } from './kernel/policies.ts';
import { protectionHandler } from './kernel/protection.ts';

interface Shared {
  readonly ports: EncapsulationPorts;
  readonly packets: PacketTable;
  /** Why this kernel has no ESP; known before the first commit. */
  lacking: string | undefined;
}

const known = new WeakMap<KernelEngine, Shared>();

function sharedOf(engine: KernelEngine): Shared {
  let shared = known.get(engine);
  if (shared) return shared;
  const { driver } = engine;
  const packets = new PacketTable(driver.nft(driver.vswitch));
  known.set(engine, (shared = { ports: new EncapsulationPorts(driver), packets, lacking: undefined }));
  return shared;
}

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const shared = sharedOf(engine);
  const xfrm = engine.driver.xfrm(engine.driver.vswitch);
  const associations = new Associations(xfrm, shared.ports);
  const lacking = (): string | undefined => shared.lacking;
  const { packets } = shared;
  const parts = { databases: new Databases(), policies: new Policies(xfrm), packets, associations, lacking };
  const handlers = [
    associationHandler(engine, associations, lacking),
    databaseHandler(parts),
    spdInterfaceHandler(engine, parts),
    ruleHandler(engine, parts),
    protectionHandler(engine, parts),
  ] as readonly Handler[];
  return handlers.map((handler) => withoutEsp(handler, lacking));
}

/** Some of it is dormant until it is used, and taken to be there; where the kernel has no ESP nothing of it was ever made. */
function withoutEsp(handler: Handler, lacking: () => string | undefined): Handler {
  const { retrieve } = handler;
  if (retrieve === undefined) return handler;
  return { ...handler, retrieve: (context) => (lacking() === undefined ? retrieve(context) : Promise.resolve([])) };
}

export async function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const shared = sharedOf(engine);
  signal.addEventListener('abort', () => shared.ports.close(), { once: true });
  const stop = shared.packets.watch(() => {
    const kinds = ['vpp.ipsec.spd.interface', 'vpp.ipsec.tun-protect'];
    const keys = kinds.flatMap((kind) => Array.from(scheduler.snapshot().nodes({ kind }), ({ key }) => key));
    if (keys.length > 0) scheduler.recheck(keys, 'the nftables table of IPsec was changed by somebody else');
  });
  signal.addEventListener('abort', stop, { once: true });
  shared.lacking = (await engine.driver.capabilities()).missing('esp');
}
