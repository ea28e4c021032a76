/** Keys of IPsec objects and their parts (vpp-agent's keys, unchanged). */

import { asKey } from '../../../model/key.ts';
import type { Key } from '../../../model/key.ts';

export const SPD_PREFIX = 'config/vpp/ipsec/v2/spd/';
export const SP_PREFIX = 'config/vpp/ipsec/v2/sp/';
export const SA_PREFIX = 'config/vpp/ipsec/v2/sa/';
export const TUNNEL_PROTECTION_PREFIX = 'config/vpp/ipsec/v2/tun-protect/';

export function spdKey(index: number): Key {
  return asKey(`${SPD_PREFIX}${index}`);
}

export function saKey(index: number): Key {
  return asKey(`${SA_PREFIX}${index}`);
}

export function spdInterfaceKey(index: number, interfaceName: string): Key {
  return asKey(`vpp/spd/${index}/interface/${interfaceName}`);
}

/** `nextHop` as it is configured; empty for a point-to-point tunnel. */
export function tunnelProtectionKey(interfaceName: string, nextHop = ''): Key {
  return asKey(`${TUNNEL_PROTECTION_PREFIX}${interfaceName}${nextHop === '' ? '' : `/nh/${nextHop}`}`);
}
