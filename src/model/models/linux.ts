import { InterfaceSchema } from '../gen/ligato/linux/interfaces/interface_pb.js';
import { RuleChainSchema } from '../gen/ligato/linux/iptables/iptables_pb.js';
import { ARPEntrySchema } from '../gen/ligato/linux/l3/arp_pb.js';
import { RouteSchema } from '../gen/ligato/linux/l3/route_pb.js';
import { IPAllocationSchema } from '../gen/ligato/netalloc/netalloc_pb.js';
import type { ModelDefinition } from '../model.ts';
import { inLinux, inNetalloc } from './place.ts';

export const netallocModels: readonly ModelDefinition[] = [
  {
    spec: { module: 'netalloc', version: 'v1', type: 'ip' },
    message: IPAllocationSchema,
    nameTemplate: 'network/{{.NetworkName}}/interface/{{.InterfaceName}}',
    config: inNetalloc('ip_addresses'),
  },
];

export const linuxModels: readonly ModelDefinition[] = [
  {
    spec: { module: 'linux.interfaces', version: 'v2', type: 'interface' },
    message: InterfaceSchema,
    config: inLinux('interfaces'),
  },
  {
    spec: { module: 'linux.l3', version: 'v2', type: 'arp' },
    message: ARPEntrySchema,
    nameTemplate: '{{.Interface}}/{{.IpAddress}}',
    config: inLinux('arp_entries'),
  },
  {
    spec: { module: 'linux.l3', version: 'v2', type: 'route' },
    message: RouteSchema,
    nameTemplate:
      '{{with ipnet .DstNetwork}}{{printf "%s/%d" .IP .MaskSize}}{{else}}{{.DstNetwork}}{{end}}/{{.OutgoingInterface}}',
    config: inLinux('routes'),
  },
  {
    spec: { module: 'linux.iptables', version: 'v2', type: 'rulechain' },
    message: RuleChainSchema,
    config: inLinux('RuleChain', 'rule_chains'),
  },
];
