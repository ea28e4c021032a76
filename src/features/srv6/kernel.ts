/** Segment routing in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { deleteRule, listRules } from '../../kernel/netlink/rule.ts';
import { deleteRoute, listRoutes } from '../../kernel/netlink/route.ts';
import { ensureNoTable } from '../../kernel/nftables/index.ts';
import { routeProtocols, routingTables } from '../../kernel/pipeline/numbers.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { KernelUpkeep } from '../kernel/upkeep.ts';
import { refusedWithoutVrfDevices } from '../kernel/vrf-devices.ts';
import { SegmentDevice } from './kernel/device.ts';
import type { Lacking } from './kernel/end-function.ts';
import { FrameSteering, framesTable } from './kernel/frames.ts';
import { globalHandler } from './kernel/global.ts';
import { SegmentLeaks } from './kernel/leaks.ts';
import { localSidHandler } from './kernel/local-sid.ts';
import { NextHops, removeStrayNextHops } from './kernel/next-hops.ts';
import { policyHandler } from './kernel/policy.ts';
import { SegmentRoutes } from './kernel/routes.ts';
import { steeringHandler } from './kernel/steering.ts';

/** What handlers and watch of one engine share. */
class Srv6 {
  readonly device: SegmentDevice;
  readonly upkeep: KernelUpkeep;
  /** An upkeep knows one route of an object: this one knows the second. */
  readonly secondUpkeep: KernelUpkeep;
  lacking: Lacking & { readonly routes?: string | undefined } = {};

  constructor(engine: KernelEngine) {
    this.device = new SegmentDevice(engine);
    this.upkeep = new KernelUpkeep(engine);
    this.secondUpkeep = new KernelUpkeep(engine);
  }
}

const known = new WeakMap<KernelEngine, Srv6>();

function srv6Of(engine: KernelEngine): Srv6 {
  let srv6 = known.get(engine);
  if (!srv6) known.set(engine, (srv6 = new Srv6(engine)));
  return srv6;
}

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const srv6 = srv6Of(engine);
  const { device, upkeep, secondUpkeep } = srv6;
  const routes = new SegmentRoutes(engine, device, upkeep);
  const nextHops = new NextHops(engine, secondUpkeep);
  const leaks = new SegmentLeaks(engine.driver.rtnl(engine.driver.vswitch));
  const second = new SegmentRoutes(engine, device, secondUpkeep);
  const frames = new FrameSteering(engine, { 4: routes, 6: second }, leaks);
  const lacking = (): string | undefined => srv6.lacking.routes;
  const lackingVrf = () => refusedWithoutVrfDevices(engine, 'segments that unpack into a VRF (End.DT4, End.DT6) need');
  return [
    localSidHandler(engine, { routes, nextHops, lacking: () => ({ ...srv6.lacking, vrf: lackingVrf() }) }),
    policyHandler(engine, routes, () => srv6.lacking.segments),
    steeringHandler(engine, routes, leaks, frames, lacking),
    globalHandler(engine, lacking),
  ] as readonly Handler[];
}

/** Routes come back when somebody takes them away, next hops when their device comes up. */
export async function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const srv6 = srv6Of(engine);
  const { driver } = engine;
  srv6.upkeep.watch(scheduler, signal);
  srv6.secondUpkeep.watch(scheduler, signal);
  const capabilities = await driver.capabilities();
  srv6.lacking = {
    routes: capabilities.missing('seg6'),
    segments: capabilities.missing('seg6local'),
    psp: capabilities.missing('seg6local-psp'),
  };
  const stop = driver.nft(driver.vswitch).watch(
    ({ name }) => name === framesTable.name,
    () => {
      const keys = Array.from(scheduler.snapshot().statuses({ kind: 'vpp.srv6.steering' }), ({ key }) => key);
      if (keys.length > 0) scheduler.recheck(keys, 'the rules of steered frames were changed');
    },
  );
  signal.addEventListener('abort', stop, { once: true });
  await tidy(engine, srv6.device);
}

/** Without any route of ours, nothing else of us is of use: what an agent that died in the middle has left. */
async function tidy({ driver }: KernelEngine, device: SegmentDevice): Promise<void> {
  const rtnl = driver.rtnl(driver.vswitch);
  const routes = await rtnl.dump(listRoutes());
  await removeStrayNextHops(rtnl, routes);
  const ours = routes.filter(({ protocol }) => protocol === routeProtocols.srv6);
  const inUse = new Set(ours.filter(({ type }) => type !== 'throw').map(({ table }) => table));
  for (const leak of ours) if (leak.type === 'throw' && !inUse.has(leak.table)) await rtnl.request(deleteRoute(leak));
  inUse.delete(routingTables.srv6NextHops.first);
  if (inUse.size > 0) return;
  await device.tidy();
  for (const rule of await rtnl.dump(listRules())) {
    if (rule.protocol === routeProtocols.srv6) await rtnl.request(deleteRule(rule));
  }
  const nft = driver.nft(driver.vswitch);
  if (await nft.list(framesTable)) await nft.apply(ensureNoTable(framesTable));
}
