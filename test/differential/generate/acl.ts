/** Access lists with all that a rule can say, and packets around what they say. */

import { hostMac, type CaseConfig, type JsonObject, PORTS, portName, roleOf } from '../network.ts';
import type { Packet } from '../packets.ts';
import type { Random } from '../random.ts';
import { anyAddress, type Family, nearNetwork, nearRange, networks, type Range } from './addresses.ts';

const ICMPV6 = 58;
const otherProtocols = [47, 89, 103, 132, 200] as const;
const portRanges: readonly Range[] = [
  { first: 0, last: 0 },
  { first: 80, last: 80 },
  { first: 79, last: 81 },
  { first: 1, last: 1023 },
  { first: 1024, last: 65_535 },
  { first: 65_535, last: 65_535 },
  { first: 0, last: 65_535 },
];
const messageRanges: readonly Range[] = [
  { first: 0, last: 0 },
  { first: 8, last: 8 },
  { first: 128, last: 129 },
  { first: 0, last: 127 },
  { first: 0, last: 255 },
  { first: 3, last: 13 },
];
const flagSets = [0x02, 0x10, 0x12, 0x01, 0x04, 0x17, 0x3f, 0xff] as const;
const sentFlags = [0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14, 0x00, 0x29] as const;

export function accessLists(random: Random, config: CaseConfig): readonly JsonObject[] {
  return random.list(1, 4, (index) => ({
    // Lists of an interface work in the order of their names.
    name: `${random.pick(['a', 'b', 'c', 'Z'])}-${index}`,
    rules: random.list(1, 5, () => rule(random, config)),
    interfaces: {
      ingress: random.some(PORTS.map(portName), 0.35),
      egress: random.some(PORTS.map(portName), 0.25),
    },
  }));
}

function rule(random: Random, config: CaseConfig): JsonObject {
  const family = random.pick<Family | undefined>([4, 4, 4, 6, 6, undefined]);
  const net = () => (family === undefined || random.chance(0.4) ? undefined : random.pick(networks(config, family)));
  const [source, destination] = [net(), net()];
  const protocols = ['none', 'udp', 'udp', 'tcp', 'tcp', family === 6 ? 'icmpv6' : 'icmp', 'other'] as const;
  const protocol = random.pick(protocols);
  const ip = {
    ...(source && { sourceNetwork: source }),
    ...(destination && { destinationNetwork: destination }),
    ...(protocol === 'other' && { protocol: random.pick([...otherProtocols, 6, 17, 1, ICMPV6]) }),
  };
  return {
    action: random.pick(['PERMIT', 'PERMIT', 'REFLECT', 'REFLECT', 'DENY']),
    ipRule: { ...(Object.keys(ip).length > 0 && { ip }), ...transport(random, protocol) },
  };
}

function transport(random: Random, protocol: string): JsonObject {
  const ports = (): JsonObject => {
    const range = (name: string): JsonObject => {
      const { first, last } = random.pick(portRanges);
      return random.chance(0.5) ? { [name]: { lowerPort: first, upperPort: last } } : {};
    };
    return { ...range('destinationPortRange'), ...range('sourcePortRange') };
  };
  const messages = (name: string): JsonObject => {
    const { first, last } = random.pick(messageRanges);
    return random.chance(0.6) ? { [name]: { first, last } } : {};
  };
  switch (protocol) {
    case 'udp':
      return { udp: ports() };
    case 'tcp': {
      const mask = random.pick(flagSets);
      const flags: JsonObject = random.chance(0.4)
        ? { tcpFlagsMask: mask, tcpFlagsValue: random.pick(sentFlags) & mask }
        : {};
      return { tcp: { ...ports(), ...flags } };
    }
    case 'icmp':
    case 'icmpv6':
      return {
        icmp: { icmpv6: protocol === 'icmpv6', ...messages('icmpTypeRange'), ...messages('icmpCodeRange') },
      };
    default:
      return {};
  }
}

const macMasks = ['ff:ff:ff:ff:ff:ff', 'ff:ff:ff:00:00:00', '00:00:00:00:00:00', 'ff:ff:ff:ff:ff:fe'] as const;

/** One list of an interface is by MAC address; VPP has no more. */
export function macLists(random: Random, config: CaseConfig): readonly JsonObject[] {
  const list = (port: number): JsonObject => ({
    name: `mac-${port}`,
    rules: random.list(1, 4, () => {
      const family = random.pick<Family>([4, 4, 6]);
      const [address, length] = random.pick(networks(config, family)).split('/') as [string, string];
      return {
        action: random.pick(['PERMIT', 'PERMIT', 'DENY']),
        macipRule: {
          sourceAddress: address,
          sourceAddressPrefix: Number(length),
          sourceMacAddress: hostMac(random.chance(0.7) ? port : random.pick(PORTS)),
          sourceMacAddressMask: random.pick(macMasks),
        },
      };
    }),
    interfaces: { ingress: [portName(port)] },
  });
  return random.some(PORTS, 0.4).map(list);
}

const listRules = (config: CaseConfig): readonly JsonObject[] =>
  ((config['acls'] ?? []) as readonly JsonObject[]).flatMap(({ rules }) => rules as readonly JsonObject[]);

type Fields = { readonly [name: string]: unknown };
const part = (of: Fields | undefined, name: string): Fields | undefined => of?.[name] as Fields | undefined;

/** A packet that fits a rule of a list, or nearly does. */
export function packetAt(random: Random, config: CaseConfig, from: number): Packet {
  const rules = listRules(config);
  const chosen: Fields = rules.length > 0 ? random.pick(rules) : {};
  const ipRule = part(chosen, 'ipRule');
  const macipRule = part(chosen, 'macipRule');
  const ip = part(ipRule, 'ip');
  const sourceNetwork =
    macipRule === undefined
      ? ip?.['sourceNetwork']
      : `${String(macipRule['sourceAddress'])}/${String(macipRule['sourceAddressPrefix'])}`;
  const destinationNetwork = ip?.['destinationNetwork'];
  const known = String(sourceNetwork ?? destinationNetwork ?? '');
  const family: Family = known === '' ? random.pick([4, 4, 6]) : known.includes(':') ? 6 : 4;
  const near = (prefix: unknown) => (prefix === undefined ? undefined : nearNetwork(random, String(prefix)));
  const to = random.pick(PORTS.filter((port) => port !== from && roleOf(config, port).role !== 'unused'));
  const mac = macipRule && random.chance(0.4) ? { sourceMac: hostMac(random.pick(PORTS)) } : {};
  return {
    from,
    source: near(sourceNetwork) ?? anyAddress(random, config, family, from),
    destination: near(destinationNetwork) ?? anyAddress(random, config, family, to),
    ...mac,
    ...transportNear(random, ipRule, family),
  };
}

const asRange = (range: Fields | undefined, first: string, last: string): Range | undefined =>
  range && { first: Number(range[first] ?? 0), last: Number(range[last] ?? 0) };

function transportNear(random: Random, ipRule: Fields | undefined, family: Family): Partial<Packet> {
  const protocol = Number(part(ipRule, 'ip')?.['protocol'] ?? 0);
  const kinds = ['udp', 'tcp', 'icmp', 'other'] as const;
  const named = (['udp', 'tcp', 'icmp'] as const).find((name) => part(ipRule, name) !== undefined);
  const kind = named !== undefined && random.chance(0.9) ? named : random.pick(kinds);
  if (kind === 'other' || (named === undefined && protocol !== 0 && random.chance(0.6)))
    return byNumber(random, protocol);
  const rule = part(ipRule, kind);
  const portOf = (name: string) => {
    const range = asRange(part(rule, name), 'lowerPort', 'upperPort');
    return range ? nearRange(random, range, 65_535) : random.pick([80, 1000, 65_535, 53]);
  };
  if (kind === 'icmp') {
    const numberOf = (name: string, others: readonly number[]) => {
      const range = asRange(part(rule, name), 'first', 'last');
      return range ? nearRange(random, range, 255) : random.pick(others);
    };
    const requests = family === 4 ? [8, 8, 8, 0, 13] : [128, 128, 128, 129];
    return { icmp: messageOf(numberOf('icmpTypeRange', requests), numberOf('icmpCodeRange', [0, 0, 1]), family) };
  }
  const ports = { source: portOf('sourcePortRange'), destination: portOf('destinationPortRange') };
  if (kind === 'udp') return { udp: ports };
  const value = Number(rule?.['tcpFlagsValue'] ?? 2);
  return { tcp: { ...ports, flags: random.chance(0.4) ? value : random.pick(sentFlags) } };
}

/** Messages that quote packets or make neighbours are not sent: what is in them here is no packet. */
function messageOf(type: number, code: number, family: Family) {
  const special = family === 4 ? [3, 4, 5, 11, 12] : [1, 2, 3, 4, 130, 131, 132, 133, 134, 135, 136, 137, 143];
  return { type: special.includes(type) ? (family === 4 ? 8 : 128) : type, code, identifier: 77 };
}

function byNumber(random: Random, protocol: number): Partial<Packet> {
  if (protocol === 17) return { udp: { source: 1000, destination: 80 } };
  if (protocol === 6) return { tcp: { source: 1000, destination: 80, flags: random.pick(sentFlags) } };
  const isMessage = protocol === 1 || protocol === ICMPV6;
  return { protocol: protocol === 0 || isMessage || random.chance(0.2) ? random.pick(otherProtocols) : protocol };
}
