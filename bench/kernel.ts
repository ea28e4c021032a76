/** The kernel engine: what the whole agent takes to program the kernel, against the fastest ways to do just that. */

import { benchAcls } from './kernel-acls.ts';
import { benchIpsec } from './kernel-ipsec.ts';
import { benchPackets } from './kernel-packets.ts';
import { benchPods } from './kernel-pods.ts';
import { benchRoutes } from './kernel-routes.ts';
import { benchServices } from './kernel-services.ts';
import { benchSrv6 } from './kernel-srv6.ts';
import { benchVlans } from './kernel-vlans.ts';
import type { Section } from './result.ts';

export const sections: Readonly<Record<string, Section>> = {
  routes: benchRoutes,
  pods: benchPods,
  services: benchServices,
  srv6: benchSrv6,
  acls: benchAcls,
  ipsec: benchIpsec,
  vlans: benchVlans,
  packets: benchPackets,
};
