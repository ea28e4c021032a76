/** The kernel engine: what the whole agent takes to program the kernel, against the fastest ways to do just that. */

import { Missing } from './kernel-agent.ts';
import { benchAcls } from './kernel-acls.ts';
import { benchIpsec } from './kernel-ipsec.ts';
import { benchPackets } from './kernel-packets.ts';
import { benchPods } from './kernel-pods.ts';
import { benchRoutes } from './kernel-routes.ts';
import { benchServices } from './kernel-services.ts';
import { benchSrv6 } from './kernel-srv6.ts';
import { benchVlans } from './kernel-vlans.ts';
import { type Result, result } from './result.ts';

const sections: Readonly<Record<string, () => Promise<readonly Result[]>>> = {
  routes: benchRoutes,
  pods: benchPods,
  services: benchServices,
  srv6: benchSrv6,
  acls: benchAcls,
  ipsec: benchIpsec,
  vlans: benchVlans,
  packets: benchPackets,
};

/** `LIGATURE_BENCH=routes,pods` runs some of the sections only. */
export async function run(): Promise<readonly Result[]> {
  const chosen = process.env['LIGATURE_BENCH']?.split(',') ?? Object.keys(sections);
  const results: Result[] = [];
  let missing = 0;
  for (const name of chosen) {
    const section = sections[name];
    if (!section) throw new Error(`no section ${name}; there are ${Object.keys(sections).join(', ')}`);
    try {
      results.push(...(await section()));
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      missing += 1;
      results.push(result(name, Number.NaN, 'missing', undefined, error.message));
    }
  }
  return [...results, result('sections without figures', missing, 'of ' + chosen.length)];
}
