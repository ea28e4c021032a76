/** The way of an outer packet that is not seen, as it is encrypted or in a second tunnel: out of the kernel's tables. */

import { parseIp } from '../../../model/address.ts';
import { tunnelOf } from '../../topology/tunnels.ts';
import { receiverBehind } from '../endpoints.ts';
import { associationOf, associationText, protectionOf } from '../objects/security.ts';
import { peerOf, underlayVrf, wrapText } from '../objects/tunnels.ts';
import type { Hop, Verdict } from '../trace.ts';
import type { Lookups } from './lookups.ts';
import { routeText, type KernelNames, type NamedDevice } from './names.ts';
import { neighbourHop } from './neighbours.ts';

export interface OuterWay {
  readonly hops: readonly Hop[];
  readonly verdict: Verdict;
}

interface Tables {
  readonly names: KernelNames;
  readonly lookups: Lookups;
}

/** What a tunnel does with a packet to this next hop. An IPsec interface packs nothing itself. */
export function tunnelHops({ key, ...device }: NamedDevice, nextHop: string, names: KernelNames): readonly Hop[] {
  if (!device.value || !tunnelOf(device.value)) return [];
  const text = wrapText(device, peerOf(names.snapshot(), device.name, nextHop));
  return [{ by: 'tunnel', text, observed: false, ...(key !== undefined && { key }) }];
}

/** `entered` are the tunnels that the packet is in already. */
export async function outerWay(
  device: NamedDevice,
  nextHop: string,
  tables: Tables,
  entered: readonly number[] = [],
): Promise<OuterWay> {
  const { names, lookups } = tables;
  const snapshot = names.snapshot();
  const object = device.key === undefined ? {} : { key: device.key };
  const ends = (text: string, hops: readonly Hop[] = []): OuterWay => ({
    hops,
    verdict: { outcome: 'dropped', text, ...object },
  });
  if (entered.includes(device.index)) return ends(`tunnels lead into each other: ${device.name} is entered again`);
  const protection = protectionHops(device.name, nextHop, names);
  const far = farEnd(device, nextHop, names);
  const destination = far === undefined ? undefined : parseIp(far);
  if (far === undefined || !destination) return ends(`${device.name} knows no peer that has ${nextHop}`, protection);
  const vrf = device.value ? underlayVrf(device.value) : 0;
  const domain = vrf === 0 ? undefined : names.vrfDevice(vrf);
  const routing = await lookups.routing({ destination, ...(domain && { outputLink: domain.index }) });
  if (typeof routing === 'string')
    return ends(`VRF ${vrf} has no route to ${far}, the other end of ${device.name}`, protection);
  const { route, way } = routing;
  const out = names.device(way.link ?? 0);
  const found = names.route(route, way);
  const what = `${names.vrfName(route.table)}: ${found.what} ${routeText(route, way, names)}`;
  const hops: Hop[] = [...protection];
  hops.push({
    by: 'route',
    text: `${what}${outer}`,
    observed: false,
    ...(found.key !== undefined && { key: found.key }),
  });
  if (out.index === device.index)
    return ends(`${far}, the other end of ${device.name}, is behind ${device.name} itself`, hops);
  const neighbour = await neighbourHop(way.gateway ?? destination, out, tables);
  if (neighbour) hops.push({ ...neighbour.hop, text: neighbour.hop.text + outer });
  const sender = out.key === undefined ? {} : { key: out.key };
  hops.push({ by: 'interface', text: `${out.name} sends it${outer}`, observed: false, ...sender });
  if (isTunnel(out)) {
    const wrapped = tunnelHops(out, far, names);
    const more = await outerWay(out, far, tables, [...entered, device.index]);
    return {
      hops: [...hops, ...wrapped.map((hop) => ({ ...hop, text: hop.text + outer })), ...more.hops],
      verdict: more.verdict,
    };
  }
  const receiver = receiverBehind(out.name, snapshot);
  const isWaiting = device.value?.link.case === 'wireguard';
  const how = isWaiting ? 'looked up; WireGuard waits until its peer has answered the handshake' : 'looked up';
  const to = receiver === undefined ? '' : `, to Linux interface ${receiver}`;
  return { hops, verdict: { outcome: 'forwarded', text: `out of ${out.name}${to} (${how})`, ...sender } };
}

/** Of a tunnel of IPsec alone it is that of its association. */
function farEnd({ name, value }: NamedDevice, nextHop: string, names: KernelNames): string | undefined {
  const snapshot = names.snapshot();
  const own = value && tunnelOf(value)?.destination;
  if (own !== undefined && own !== '') return own;
  if (value?.link.case !== 'ipsec') return peerOf(snapshot, name, nextHop);
  const [index = -1] = protectionOf(snapshot, name, nextHop)?.value.saOut ?? [];
  return associationOf(snapshot, index)?.value.tunnelDstAddr;
}

/** What leaves by it goes on in another packet. */
export function isTunnel({ type, value }: NamedDevice): boolean {
  return type === 'interface' && value !== undefined && (tunnelOf(value) !== undefined || value.link.case === 'ipsec');
}

const outer = ' (outer packet)';

function protectionHops(name: string, nextHop: string, names: KernelNames): readonly Hop[] {
  const snapshot = names.snapshot();
  const protection = protectionOf(snapshot, name, nextHop);
  if (!protection) return [];
  const association = associationOf(snapshot, protection.value.saOut[0] ?? -1);
  const common = { by: 'IPsec', observed: false } as const;
  return [
    { ...common, text: `${name} is protected${outer}`, key: protection.key },
    ...(association ? [{ ...common, text: associationText(association.value) + outer, key: association.key }] : []),
  ];
}
