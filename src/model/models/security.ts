import { ABFSchema } from '../gen/ligato/vpp/abf/abf_pb.js';
import { ACLSchema } from '../gen/ligato/vpp/acl/acl_pb.js';
import {
  SecurityAssociationSchema,
  SecurityPolicyDatabaseSchema,
  SecurityPolicySchema,
  TunnelProtectionSchema,
} from '../gen/ligato/vpp/ipsec/ipsec_pb.js';
import { PeerSchema } from '../gen/ligato/vpp/wireguard/wireguard_pb.js';
import type { ModelDefinition } from '../model.ts';
import { inVpp } from './place.ts';

export const aclModels: readonly ModelDefinition[] = [
  {
    spec: { module: 'vpp.acls', version: 'v2', type: 'acl' },
    message: ACLSchema,
    config: inVpp('acls'),
  },
  {
    spec: { module: 'vpp.abfs', version: 'v2', type: 'abf' },
    message: ABFSchema,
    nameTemplate: '{{.Index}}',
    config: inVpp('abfs'),
  },
];

const ipsec = { module: 'vpp.ipsec', version: 'v2' };

export const ipsecModels: readonly ModelDefinition[] = [
  {
    spec: { ...ipsec, type: 'spd' },
    message: SecurityPolicyDatabaseSchema,
    nameTemplate: '{{.Index}}',
    config: inVpp('ipsec_spds'),
  },
  {
    spec: { ...ipsec, type: 'sp' },
    message: SecurityPolicySchema,
    nameTemplate:
      'spd/{{.SpdIndex}}/sa/{{.SaIndex}}/{{if .IsOutbound}}outbound{{else}}inbound{{end}}/' +
      'local-addresses/{{.LocalAddrStart}}-{{.LocalAddrStop}}/remote-addresses/{{.RemoteAddrStart}}-{{.RemoteAddrStop}}',
    config: inVpp('ipsec_sps'),
  },
  {
    spec: { ...ipsec, type: 'sa' },
    message: SecurityAssociationSchema,
    nameTemplate: '{{.Index}}',
    config: inVpp('ipsec_sas'),
  },
  {
    spec: { ...ipsec, type: 'tun-protect' },
    message: TunnelProtectionSchema,
    nameTemplate: '{{.Interface}}{{if .NextHopAddr}}/nh/{{.NextHopAddr}}{{end}}',
    config: inVpp('ipsec_tunnel_protections'),
  },
];

export const wireguardModels: readonly ModelDefinition[] = [
  {
    spec: { module: 'vpp.wg', version: 'v1', type: 'peer' },
    message: PeerSchema,
    nameTemplate: '{{.WgIfName}}/endpoint/{{.Endpoint}}/{{.Port}}',
    config: inVpp('Peer_list', 'wg_peers'),
  },
];
