/** IPSEC_TUNNEL: an xfrm device. Nothing passes until a tunnel protection gives it security associations (feature ipsec). */

import { Interface_Type, IPSecLink_Mode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { KernelEngine } from '../../kernel/engine.ts';
import { securityInterfaceId } from '../kernel-metadata.ts';
import type { DeviceMaker } from './maker.ts';
import { singleDeviceMaker } from './single-device.ts';

export const IPSEC_ROLE = 'ipsec';

export function ipsecMaker(engine: KernelEngine): DeviceMaker {
  return singleDeviceMaker(engine, {
    type: Interface_Type.IPSEC_TUNNEL,
    role: IPSEC_ROLE,
    title: 'xfrm interfaces',
    module: 'xfrm_interface',
    layer3: () => true,
    withoutParameters: true,
    unsupported: ({ link }) =>
      link.case === 'ipsec' && link.value.tunnelMode === IPSecLink_Mode.POINT_TO_MULTIPOINT
        ? 'kernel: an IPsec tunnel has one peer; make one for each, or an IPIP_TUNNEL to several'
        : undefined,
    shape: (_graph, { name }) => ({ kind: { type: 'xfrm', id: securityInterfaceId(name) } }),
    recreate: () => false,
    hint: ({ code }, { name }: Interface) =>
      code === 'EEXIST'
        ? `another xfrm interface has the number ${securityInterfaceId(name)}, which the kernel knows ${name} by: choose another name`
        : undefined,
  });
}
