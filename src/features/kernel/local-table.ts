/**
 * The kernel asks for local addresses first, in one table for VRF 0: an address of VRF 0 would answer to every VRF. In a
 * namespace that the agent has for itself, the tables of VRFs come before it. (A vrf device has its own local routes.)
 */

import type { Family } from '../../model/address.ts';
import { isKernelError } from '../../kernel/errors.ts';
import type { Request } from '../../kernel/netlink/request.ts';
import { addRule, deleteRule } from '../../kernel/netlink/rule.ts';
import { routeProtocols, rulePreferences } from '../../kernel/pipeline/numbers.ts';
import type { KernelEngine } from './engine.ts';
import { lackingVrfDevices } from './vrf-devices.ts';

const LOCAL = 255;
/** RTPROT_KERNEL */
const KERNEL = 2;

/** Without a moment in which local addresses are not found. */
export async function putLocalTableLast(engine: KernelEngine): Promise<void> {
  const { driver } = engine;
  if (driver.vswitch.id === driver.own.id) return;
  const rtnl = driver.rtnl(driver.vswitch);
  const settle = async (request: Request, ...done: readonly string[]): Promise<void> => {
    try {
      await rtnl.request(request);
    } catch (error) {
      if (!isKernelError(error, ...done)) throw error;
    }
  };
  // A kernel without vrf devices may not know the rule for them.
  const unknown = lackingVrfDevices(engine) === undefined ? [] : ['EINVAL', 'EOPNOTSUPP'];
  for (const family of [4, 6] as const satisfies readonly Family[]) {
    const local = { family, table: LOCAL, priority: rulePreferences.local.first, protocol: KERNEL };
    await settle(
      addRule({ family, l3mdev: true, priority: rulePreferences.vrf.first, protocol: routeProtocols.vrf }),
      'EEXIST',
      ...unknown,
    );
    await settle(addRule(local), 'EEXIST');
    await settle(deleteRule({ family, table: LOCAL, priority: 0 }), 'ENOENT');
  }
}
