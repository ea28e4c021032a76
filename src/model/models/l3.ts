import { ARPEntrySchema } from '../gen/ligato/vpp/l3/arp_pb.js';
import { DHCPProxySchema, IPScanNeighborSchema, ProxyARPSchema } from '../gen/ligato/vpp/l3/l3_pb.js';
import { L3XConnectSchema } from '../gen/ligato/vpp/l3/l3xc_pb.js';
import { RouteSchema } from '../gen/ligato/vpp/l3/route_pb.js';
import { TeibEntrySchema } from '../gen/ligato/vpp/l3/teib_pb.js';
import { VrfTableSchema } from '../gen/ligato/vpp/l3/vrf_pb.js';
import { VRRPEntrySchema } from '../gen/ligato/vpp/l3/vrrp_pb.js';
import type { ModelDefinition } from '../model.ts';
import { inVpp } from './place.ts';

const module = { module: 'vpp', version: 'v2' };

export const l3Models: readonly ModelDefinition[] = [
  {
    spec: { ...module, type: 'arp' },
    message: ARPEntrySchema,
    nameTemplate: '{{.Interface}}/{{.IpAddress}}',
    config: inVpp('arps'),
  },
  {
    spec: { ...module, type: 'route' },
    message: RouteSchema,
    nameTemplate:
      '{{if .OutgoingInterface}}{{printf "if/%s/" .OutgoingInterface}}{{end}}vrf/{{.VrfId}}/' +
      '{{with ipnet .DstNetwork}}{{printf "dst/%s/%d/" .IP .MaskSize}}{{else}}{{printf "dst/%s/" .DstNetwork}}{{end}}' +
      '{{if .NextHopAddr}}gw/{{.NextHopAddr}}{{end}}',
    config: inVpp('routes'),
  },
  {
    spec: { ...module, type: 'proxyarp-global' },
    message: ProxyARPSchema,
    config: inVpp('proxy_arp'),
  },
  {
    spec: { ...module, type: 'ipscanneigh-global' },
    message: IPScanNeighborSchema,
    config: inVpp('ipscan_neighbor'),
  },
  {
    spec: { ...module, type: 'vrf-table' },
    message: VrfTableSchema,
    nameTemplate: 'id/{{.Id}}/protocol/{{.Protocol}}',
    config: inVpp('vrfs'),
  },
  {
    spec: { ...module, type: 'dhcp-proxy' },
    message: DHCPProxySchema,
    nameTemplate: '{{protoip .SourceIpAddress}}/rx-vrf/{{.RxVrfId}}',
    config: inVpp('dhcp_proxies'),
  },
  {
    spec: { ...module, type: 'l3xconnect' },
    message: L3XConnectSchema,
    nameTemplate: '{{.Interface}}/protocol/{{.Protocol}}',
    config: inVpp('l3xconnects'),
  },
  {
    spec: { ...module, type: 'teib' },
    message: TeibEntrySchema,
    nameTemplate: '{{.Interface}}/peer/{{.PeerAddr}}',
    config: inVpp('teib_entries'),
  },
  {
    spec: { ...module, type: 'vrrp' },
    message: VRRPEntrySchema,
    nameTemplate: '{{.Interface}}/vrid/{{.VrId}}',
    config: inVpp('VRRPEntry_list', 'vrrps'),
  },
];
