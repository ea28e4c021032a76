import { InterfaceSchema } from '../gen/ligato/vpp/interfaces/interface_pb.js';
import { SpanSchema } from '../gen/ligato/vpp/interfaces/span_pb.js';
import { BridgeDomainSchema } from '../gen/ligato/vpp/l2/bridge_domain_pb.js';
import { FIBEntrySchema } from '../gen/ligato/vpp/l2/fib_pb.js';
import { XConnectPairSchema } from '../gen/ligato/vpp/l2/xconnect_pb.js';
import type { ModelDefinition } from '../model.ts';
import { inVpp } from './place.ts';

export const interfaceModels: readonly ModelDefinition[] = [
  {
    spec: { module: 'vpp', version: 'v2', type: 'interfaces' },
    message: InterfaceSchema,
    config: inVpp('interfaces'),
  },
  {
    spec: { module: 'vpp', version: 'v2', type: 'span' },
    message: SpanSchema,
    nameTemplate: '{{.InterfaceFrom}}/to/{{.InterfaceTo}}',
    config: inVpp('spans'),
  },
];

export const l2Models: readonly ModelDefinition[] = [
  {
    spec: { module: 'vpp.l2', version: 'v2', type: 'bridge-domain' },
    message: BridgeDomainSchema,
    config: inVpp('bridge_domains'),
  },
  {
    spec: { module: 'vpp.l2', version: 'v2', type: 'fib' },
    message: FIBEntrySchema,
    nameTemplate: '{{.BridgeDomain}}/mac/{{.PhysAddress}}',
    config: inVpp('fibs'),
  },
  {
    spec: { module: 'vpp.l2', version: 'v2', type: 'xconnect' },
    message: XConnectPairSchema,
    nameTemplate: '{{.ReceiveInterface}}',
    config: inVpp('xconnect_pairs'),
  },
];
