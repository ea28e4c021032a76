/**
 * The MAC address of an interface that has IPv6 already changes: VPP (26.06 and before) goes on to solicit neighbours from the old one, and
 * takes no answers, until the interface has had no IPv6 address for a moment.
 */

import { isLinkLocal, parsePrefix } from '../../../model/address.ts';
import type { OperationContext } from '../../../scheduler/handler.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';

/** Does what may change the MAC address of an interface; its IPv6 addresses, and those of its sub-interfaces, come anew if it did. */
export async function keepingIpv6(
  engine: VppEngine,
  context: Pick<OperationContext, 'signal'>,
  swIfIndex: number,
  work: () => Promise<unknown>,
): Promise<void> {
  const interfaces = () => engine.client.list('sw_interface_dump', {}, context);
  const macOf = (all: Awaited<ReturnType<typeof interfaces>>) =>
    all.find(({ sw_if_index }) => sw_if_index === swIfIndex)?.l2_address;
  const before = macOf(await interfaces());
  await work();
  const all = await interfaces();
  if (macOf(all) === before) return;
  const changed = all.filter(({ sup_sw_if_index }) => sup_sw_if_index === swIfIndex);
  await Promise.all(changed.map(({ sw_if_index }) => renew(engine, context, sw_if_index)));
}

async function renew(
  { client }: VppEngine,
  { signal }: Pick<OperationContext, 'signal'>,
  sw_if_index: number,
): Promise<void> {
  const found = await client.list('ip_address_dump', { sw_if_index, is_ipv6: true }, { signal });
  const prefixes = found.map(({ prefix }) => prefix).filter((prefix) => !isMadeByVpp(prefix));
  const each = (is_add: boolean) =>
    prefixes.map((prefix) =>
      client.request('sw_interface_add_del_address', { sw_if_index, is_add, prefix }, { signal }),
    );
  // All go before one comes: in the same breath.
  const gone = each(false).map((request) => removed(request, 'ADDRESS_NOT_FOUND_FOR_INTERFACE'));
  await Promise.all([...gone, ...each(true)]);
}

function isMadeByVpp(prefix: string): boolean {
  const address = parsePrefix(prefix)?.address;
  return address?.family === 6 && isLinkLocal(address);
}
