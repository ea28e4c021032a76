import { DNSCacheSchema } from '../gen/ligato/vpp/dns/dns_pb.js';
import { FlowProbeFeatureSchema, FlowProbeParamsSchema } from '../gen/ligato/vpp/ipfix/flowprobe_pb.js';
import { IPFIXSchema } from '../gen/ligato/vpp/ipfix/ipfix_pb.js';
import { ExceptionSchema, IPRedirectSchema, ToHostSchema } from '../gen/ligato/vpp/punt/punt_pb.js';
import { LocalSIDSchema, PolicySchema, SRv6GlobalSchema, SteeringSchema } from '../gen/ligato/vpp/srv6/srv6_pb.js';
import { RuleSchema } from '../gen/ligato/vpp/stn/stn_pb.js';
import type { ModelDefinition } from '../model.ts';
import { inVpp } from './place.ts';

export const puntModels: readonly ModelDefinition[] = [
  {
    spec: { module: 'vpp', version: 'v2', type: 'ipredirect' },
    message: IPRedirectSchema,
    nameTemplate: 'l3/{{.L3Protocol}}/tx/{{.TxInterface}}',
    config: inVpp('punt_ipredirects'),
  },
  {
    spec: { module: 'vpp', version: 'v2', type: 'tohost' },
    message: ToHostSchema,
    nameTemplate: 'l3/{{.L3Protocol}}/l4/{{.L4Protocol}}/port/{{.Port}}',
    config: inVpp('punt_tohosts'),
  },
  {
    spec: { module: 'vpp', version: 'v2', type: 'exception' },
    message: ExceptionSchema,
    nameTemplate: 'reason/{{.Reason}}',
    config: inVpp('punt_exceptions'),
  },
];

const srv6 = { module: 'vpp.srv6', version: 'v2' };

export const srv6Models: readonly ModelDefinition[] = [
  {
    spec: { ...srv6, type: 'localsid' },
    message: LocalSIDSchema,
    nameTemplate: '{{.Sid}}',
    config: inVpp('srv6_localsids'),
  },
  {
    spec: { ...srv6, type: 'policy' },
    message: PolicySchema,
    nameTemplate: '{{.Bsid}}',
    config: inVpp('srv6_policies'),
  },
  {
    spec: { ...srv6, type: 'steering' },
    message: SteeringSchema,
    config: inVpp('srv6_steerings'),
  },
  {
    spec: { ...srv6, type: 'srv6-global' },
    message: SRv6GlobalSchema,
    config: inVpp('srv6_global'),
  },
];

export const hostServiceModels: readonly ModelDefinition[] = [
  {
    spec: { module: 'vpp.stn', version: 'v2', type: 'rule' },
    message: RuleSchema,
    nameTemplate: '{{.Interface}}/ip/{{.IpAddress}}',
    config: inVpp('Rule_list', 'stn_rules'),
  },
  {
    spec: { module: 'vpp.dns', version: 'v1', type: 'dnscache' },
    message: DNSCacheSchema,
    config: inVpp('DNSCache', 'dns_cache'),
  },
];

const ipfix = { module: 'vpp.ipfix', version: 'v2' };

export const ipfixModels: readonly ModelDefinition[] = [
  {
    spec: { ...ipfix, type: 'ipfix' },
    message: IPFIXSchema,
    config: inVpp('ipfix_global'),
  },
  {
    spec: { ...ipfix, type: 'flowprobe-params' },
    message: FlowProbeParamsSchema,
    config: inVpp('ipfix_flowprobe_params'),
  },
  {
    spec: { ...ipfix, type: 'flowprobe-feature' },
    message: FlowProbeFeatureSchema,
    nameTemplate: '{{.Interface}}',
    config: inVpp('ipfix_flowprobes'),
  },
];
