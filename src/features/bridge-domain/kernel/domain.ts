/** `vpp.l2.bridge-domain` in the Linux kernel: a bridge device without addresses, and what the domain needs of nftables. */

import { randomBytes } from 'node:crypto';
import { create as message } from '@bufbuild/protobuf';
import { BridgeDomainSchema } from '../../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import type { BridgeDomain } from '../../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import { changeLink, createLink, deleteLink, getLink } from '../../../kernel/netlink/link.ts';
import type { Link, LinkSettings } from '../../../kernel/netlink/link.ts';
import { deviceName } from '../../../kernel/ownership/device-name.ts';
import { formatMark, parseMark } from '../../../kernel/ownership/mark.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelBridge } from '../kernel-metadata.ts';
import { bridgeDomainKey } from '../model.ts';
import type { BridgeReading } from './bridge-reading.ts';
import type { BridgeRules } from './bridge-rules.ts';
import type { DomainFilter } from './filter.ts';

/** Role in the mark of the bridge device. */
const ROLE = 'bridge-domain';

export function domainHandler(engine: KernelEngine, rules: BridgeRules): Handler<BridgeDomain, KernelBridge> {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const markOf = ({ name }: BridgeDomain): string => formatMark({ owner: engine.owner, role: ROLE, name });
  return {
    kind: 'vpp.l2.bridge-domain',
    engine: 'kernel',
    async create(_context, _key, value) {
      const name = bridgeName(value.name);
      const [link] = await Promise.all([
        makeBridge(rtnl, name, markOf(value), value),
        rules.open(name, filterOf(value)),
      ]);
      return { ifindex: link.index, name };
    },
    async update(_context, _key, from, to, metadata) {
      if (from.macAge === to.macAge && isSameFilter(filterOf(from), filterOf(to))) return metadata;
      // A bridge that a crash left unmarked is marked now.
      const settings = { ...settingsOf(to), alias: markOf(to), addressGeneration: NO_LINK_LOCAL };
      const changed = rtnl.request(changeLink({ index: metadata.ifindex }, settings));
      await Promise.all([changed, rules.change(metadata.name, filterOf(to))]);
      return metadata;
    },
    async remove(_context, _key, _value, { ifindex, name }) {
      await Promise.all([removeBridge(rtnl, ifindex), rules.close(name)]);
    },
    retrieve: (context) => retrieve(engine, rules, context),
  };
}

/** Name of the bridge device of a domain. */
export function bridgeName(domain: string): string {
  return deviceName(domain, 'bd');
}

/** The domain that a device is the bridge of; undefined when it is no bridge of this agent. */
export function domainOf(engine: KernelEngine, link: Link): string | undefined {
  const mark = parseMark(link.alias);
  return mark?.owner === engine.owner && mark.role === ROLE ? mark.name : undefined;
}

function filterOf({ forward, learn, arpTermination }: BridgeDomain): DomainFilter {
  return { forward, learn, answers: arpTermination };
}

function isSameFilter(one: DomainFilter, other: DomainFilter): boolean {
  return one.forward === other.forward && one.learn === other.learn && one.answers === other.answers;
}

/** 1/100 s in a minute. */
const MINUTE = 6_000;
/**
 * 463 days, in 1/100 s: the closest to "never" that a Linux bridge has (0 would make a hub of it). A number that the kernel
 * returns as it was given whatever its tick rate.
 */
const NEVER = 4_000_000_000;

/**
 * IEEE 802.1D keeps frames to 01:80:c2:00:00:0x from crossing a bridge; VPP floods them. Linux can be told to do so for all
 * but 0-2 (spanning tree, pause, LACP).
 */
const LINK_LOCAL_FRAMES = 0xfff8;

function settingsOf({ macAge }: BridgeDomain): LinkSettings {
  const ageingTime = macAge === 0 ? NEVER : macAge * MINUTE;
  return {
    up: true,
    // Nothing is asked of the host itself: it has no address here, and must not answer with those that it has elsewhere.
    arp: false,
    kind: { type: 'bridge', stp: 0, multicastSnooping: false, groupForwardMask: LINK_LOCAL_FRAMES, ageingTime },
  };
}

function isWhole({ up, kind }: Link): boolean {
  if (kind?.type !== 'bridge' || !up) return false;
  return kind.groupForwardMask === LINK_LOCAL_FRAMES && kind.multicastSnooping === false && kind.stp === 0;
}

async function makeBridge(rtnl: Rtnl, name: string, alias: string, value: BridgeDomain): Promise<Link> {
  const settings = settingsOf(value);
  // With an address of its own it does not take on those of its ports as they come and go.
  const address = Uint8Array.of(0x02, 0xfe, ...randomBytes(4));
  const spec = { ...settings, name, alias, address, addressGeneration: NO_LINK_LOCAL, kind: settings.kind! };
  const [made, found] = await Promise.allSettled([rtnl.request(createLink(spec)), rtnl.get(getLink({ name }))]);
  const link = found.status === 'fulfilled' ? found.value : undefined;
  if (made.status === 'fulfilled' && link) return link;
  if (made.status === 'fulfilled') throw new Error(`bridge ${name} vanished as soon as it was made`);
  if (!isKernelError(made.reason, 'EEXIST') || !link || !isLeftOver(link, alias)) throw made.reason;
  await rtnl.request(changeLink({ index: link.index }, { ...settings, alias, addressGeneration: NO_LINK_LOCAL }));
  return link;
}

/** IN6_ADDR_GEN_MODE_NONE */
const NO_LINK_LOCAL = 1;

/** A bridge that we made: marked, or not yet because the agent died between making and marking it. */
function isLeftOver({ alias, kind }: Link, mark: string): boolean {
  if (kind?.type !== 'bridge') return false;
  return alias === mark || (alias === undefined && kind.groupForwardMask === LINK_LOCAL_FRAMES);
}

async function removeBridge(rtnl: Rtnl, ifindex: number): Promise<void> {
  if (ifindex === NO_DEVICE) return;
  try {
    await rtnl.request(deleteLink({ index: ifindex }));
  } catch (error) {
    if (!isKernelError(error, 'ENODEV')) throw error;
  }
}

async function retrieve(
  engine: KernelEngine,
  rules: BridgeRules,
  context: RetrieveContext<BridgeDomain, KernelBridge>,
): Promise<readonly Retrieved<BridgeDomain, KernelBridge>[]> {
  const dump = engine.driver.dump(context.session, engine.driver.vswitch);
  const unmarked = new Map<string, string>();
  for (const { value } of context.expected.values()) unmarked.set(bridgeName(value.name), value.name);
  const retrieved: Retrieved<BridgeDomain, KernelBridge>[] = [];
  for (const link of await dump.links()) {
    if (link.kind?.type !== 'bridge') continue;
    const leftOver = link.alias === undefined && isLeftOver(link, '') ? unmarked.get(link.name) : undefined;
    const name = domainOf(engine, link) ?? leftOver;
    if (name === undefined) continue;
    const key = bridgeDomainKey(name);
    if (context.keys && !context.keys.has(key)) continue;
    const reading = await rules.read(context.session);
    const value = read(link, reading, context.expected.get(key)?.value ?? message(BridgeDomainSchema, { name }));
    rules.adopt(link.name, filterOf(value));
    retrieved.push({ key, value, metadata: { ifindex: link.index, name: link.name }, origin: 'ours' });
  }
  if (context.keys) return retrieved;
  const { bridges } = await rules.read(context.session);
  const links = await dump.linksByName();
  const stray = bridges.filter((name) => !links.has(name) && !unmarked.has(name));
  return [...retrieved, ...stray.map(strayRules)];
}

/** Rules of a bridge that went when no agent was there to remove them, and that nobody wants back. */
function strayRules(name: string): Retrieved<BridgeDomain, KernelBridge> {
  const domain = name.replace(/[.]bd$/, '');
  const value = message(BridgeDomainSchema, { name: domain });
  return { key: bridgeDomainKey(domain), value, metadata: { ifindex: NO_DEVICE, name }, origin: 'ours' };
}

/** No device has this index. */
const NO_DEVICE = 0;

/** What the device and the tables say; ports, entries and flags of ports are read by handlers of their own. */
function read(link: Link, reading: BridgeReading, wanted: BridgeDomain): BridgeDomain {
  const kind = link.kind?.type === 'bridge' ? link.kind : undefined;
  const filter = reading.domains.get(link.name);
  const whole = isWhole(link) && reading.intact && link.alias !== undefined;
  return {
    ...wanted,
    // Rules or settings that are not as we made them may let pass or stop anything: not what was wanted.
    forward: whole && filter ? filter.forward : !wanted.forward,
    macAge: kind?.ageingTime === NEVER ? 0 : (kind?.ageingTime ?? 0) / MINUTE,
    learn: filter?.learn ?? wanted.learn,
    arpTermination: filter?.answers ?? !wanted.arpTermination,
  };
}
