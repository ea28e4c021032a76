/** What has to hold of translations of destinations. */

import {
  DNat44_Protocol as Protocol,
  DNat44_StaticMapping_TwiceNatMode as TwiceNat,
} from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { DNat44, DNat44_IdentityMapping, DNat44_StaticMapping } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Problem } from '../../../scheduler/kind.ts';
import {
  enumProblem,
  firstDuplicate,
  ipProblem,
  nameProblem,
  rangeProblem,
  report,
  reportDuplicates,
} from '../../check.ts';
import { externalText, identityText, isAddressOnly, isLoadBalanced, localText } from './mapping.ts';

/** VPP's tag of a mapping. */
const LONGEST_LABEL = 64;
const IPV4 = { family: 4 } as const;

export function validateDnat({ label, stMappings, idMappings }: DNat44): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, nameProblem(label, 'a label', LONGEST_LABEL), 'label');
  for (let index = 0; index < stMappings.length; index++) reportStatic(problems, stMappings[index]!, index);
  reportDuplicates(problems, stMappings, externalText, 'st_mappings');
  for (let index = 0; index < idMappings.length; index++) reportIdentity(problems, idMappings[index]!, index);
  reportDuplicates(problems, idMappings, identityText, 'id_mappings');
  return problems;
}

function reportStatic(problems: Problem[], mapping: DNat44_StaticMapping, index: number): void {
  const say = (message: string | undefined, field: string) => report(problems, message, 'st_mappings', index, field);
  const { externalInterface: name, externalIp, externalPort, protocol, twiceNat } = mapping;
  if (name !== '') say(nameProblem(name), 'external_interface');
  if (externalIp !== '' || name === '') say(ipProblem(externalIp, IPV4), 'external_ip');
  say(rangeProblem(externalPort, 0, 65535, 'port'), 'external_port');
  say(enumProblem(protocol, Protocol), 'protocol');
  say(enumProblem(twiceNat, TwiceNat), 'twice_nat');
  say(twiceNatPoolProblem(mapping), 'twice_nat_pool_ip');
  if (isLoadBalanced(mapping) && isAddressOnly(mapping)) {
    say('is missing: several backends need a port to be spread by', 'external_port');
  }
  if (isLoadBalanced(mapping) && protocol === Protocol.ICMP) {
    say('ICMP is not spread over several backends; TCP and UDP are', 'protocol');
  }
  reportLocals(problems, mapping, index);
}

function twiceNatPoolProblem(mapping: DNat44_StaticMapping): string | undefined {
  const { twiceNat, twiceNatPoolIp: ip } = mapping;
  if (ip === '') return undefined;
  if (twiceNat !== TwiceNat.ENABLED) return `${ip} has no meaning unless twice_nat is ENABLED`;
  if (isLoadBalanced(mapping))
    return `${ip} is not accepted: a mapping with several backends takes any address of the pool`;
  return ipProblem(ip, IPV4);
}

function reportLocals(problems: Problem[], mapping: DNat44_StaticMapping, index: number): void {
  const { localIps } = mapping;
  if (localIps.length === 0) {
    return report(problems, 'is empty: at least one backend is required', 'st_mappings', index, 'local_ips');
  }
  for (const [at, { localIp, localPort, probability }] of localIps.entries()) {
    const say = (message: string | undefined, field: string) =>
      report(problems, message, 'st_mappings', index, message && `local_ips[${at}].${field}`);
    say(ipProblem(localIp, IPV4), 'local_ip');
    say(rangeProblem(localPort, 0, 65535, 'port') ?? portProblem(mapping, localPort), 'local_port');
    say(rangeProblem(probability, 0, 255), 'probability');
  }
  const again = firstDuplicate(localIps, localText);
  if (again < 0) return;
  report(problems, `${localText(localIps[again]!)} is there already`, 'st_mappings', index, `local_ips[${again}]`);
}

function portProblem(mapping: DNat44_StaticMapping, localPort: number): string | undefined {
  if (isAddressOnly(mapping) === (localPort === 0)) return undefined;
  if (localPort === 0) return 'is missing: where external_port is set, each backend needs a port';
  return `${localPort} is not accepted: without external_port the whole address is translated, ports unchanged`;
}

function reportIdentity(problems: Problem[], mapping: DNat44_IdentityMapping, index: number): void {
  const say = (message: string | undefined, field: string) => report(problems, message, 'id_mappings', index, field);
  const { interface: name, ipAddress, port, protocol } = mapping;
  if (name !== '') say(nameProblem(name), 'interface');
  if (ipAddress !== '' || name === '') say(ipProblem(ipAddress, IPV4), 'ip_address');
  say(rangeProblem(port, 0, 65535, 'port'), 'port');
  say(enumProblem(protocol, Protocol), 'protocol');
}
