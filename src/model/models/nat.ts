import {
  DNat44Schema,
  Nat44AddressPoolSchema,
  Nat44GlobalSchema,
  Nat44InterfaceSchema,
  Nat44VrfRouteSchema,
  Nat44VrfTableSchema,
} from '../gen/ligato/vpp/nat/nat_pb.js';
import type { ModelDefinition } from '../model.ts';
import { inVpp } from './place.ts';

const module = { module: 'vpp.nat', version: 'v2' };

export const natModels: readonly ModelDefinition[] = [
  {
    spec: { ...module, type: 'nat44-global' },
    message: Nat44GlobalSchema,
    config: inVpp('nat44_global'),
  },
  {
    spec: { ...module, type: 'dnat44' },
    message: DNat44Schema,
    nameTemplate: '{{.Label}}',
    config: inVpp('dnat44s'),
  },
  {
    spec: { ...module, type: 'nat44-interface' },
    message: Nat44InterfaceSchema,
    config: inVpp('nat44_interfaces'),
  },
  {
    spec: { ...module, type: 'nat44-pool' },
    message: Nat44AddressPoolSchema,
    nameTemplate:
      '{{if .Name}}{{.Name}}{{else}}vrf/{{.VrfId}}/address/{{.FirstIp}}' +
      '{{if and .LastIp (ne .FirstIp .LastIp)}}-{{.LastIp}}{{end}}{{end}}',
    config: inVpp('nat44_pools'),
  },
  {
    spec: { ...module, type: 'nat44-vrf' },
    message: Nat44VrfTableSchema,
    nameTemplate: 'vrfid/{{.SrcVrfId}}',
    config: inVpp('Nat44VrfTable_list', 'nat44_vrf_tables'),
  },
  {
    spec: { ...module, type: 'nat44-vrf-route' },
    message: Nat44VrfRouteSchema,
    nameTemplate: 'vrfid/{{.SrcVrfId}}/destvrfid/{{.DestVrfId}}',
    config: inVpp('Nat44VrfRoute_list', 'nat44_vrf_routes'),
  },
];
