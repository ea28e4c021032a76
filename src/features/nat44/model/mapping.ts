/** What mappings mean, whatever their spelling. */

import { DNat44_Protocol as Protocol } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type {
  DNat44_IdentityMapping,
  DNat44_StaticMapping,
  DNat44_StaticMapping_LocalIP,
} from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { spelledIp } from '../../equality.ts';

/** The whole address is translated, any protocol and port. */
export function isAddressOnly({ externalPort }: DNat44_StaticMapping): boolean {
  return externalPort === 0;
}

/** New flows are spread over several backends. */
export function isLoadBalanced({ localIps }: DNat44_StaticMapping): boolean {
  return localIps.length > 1;
}

/** Share of new flows relative to the other backends. */
export function probabilityOf({ probability }: DNat44_StaticMapping_LocalIP): number {
  return probability || 1;
}

/** The outside of a mapping, e.g. `TCP 192.0.2.1:80` or `interface tap1`: no two objects may have the same. */
export function externalText(mapping: DNat44_StaticMapping): string {
  const { externalInterface, externalIp, externalPort, protocol } = mapping;
  return endpointText(externalInterface, externalIp, externalPort, protocol);
}

/** What an identity mapping leaves alone, e.g. `UDP 192.0.2.1:53 in VRF 0`. */
export function identityText({ interface: name, ipAddress, port, protocol, vrfId }: DNat44_IdentityMapping): string {
  return `${endpointText(name, ipAddress, port, protocol)} in VRF ${vrfId}`;
}

function endpointText(interfaceName: string, ip: string, port: number, protocol: Protocol): string {
  const address = interfaceName === '' ? spelledIp(ip) : `interface ${interfaceName}`;
  return port === 0 ? address : `${Protocol[protocol]} ${address}:${port}`;
}

/** Two mappings with the same text do the same. */
export function staticMappingText(mapping: DNat44_StaticMapping): string {
  const { localIps, twiceNat, twiceNatPoolIp, sessionAffinity } = mapping;
  const balanced = isLoadBalanced(mapping);
  const locals = localIps.map((local) => `${localText(local)} ${balanced ? probabilityOf(local) : ''}`).sort();
  return [externalText(mapping), twiceNat, spelledIp(twiceNatPoolIp), sessionAffinity, ...locals].join(' ');
}

/** A backend, e.g. `10.0.0.1:8080 in VRF 0`. */
export function localText({ localIp, localPort, vrfId }: DNat44_StaticMapping_LocalIP): string {
  return `${spelledIp(localIp)}:${localPort} in VRF ${vrfId}`;
}
