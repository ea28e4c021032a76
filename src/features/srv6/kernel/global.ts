/** `vpp.srv6.srv6-global` in the Linux kernel: the source of outer headers, one for the namespace (`ip sr tunsrc`). */

import { create } from '@bufbuild/protobuf';
import { formatIp, isUnspecified, parseIp } from '../../../model/address.ts';
import { SRv6GlobalSchema } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { SRv6Global } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import { getFamily } from '../../../kernel/netlink/generic-family.ts';
import { getSegmentSource, SEG6_FAMILY, setSegmentSource } from '../../../kernel/netlink/seg6-source.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { Handler } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { SRV6_GLOBAL_KEY } from '../model.ts';

export function globalHandler(
  { driver }: KernelEngine,
  lacking: () => string | undefined,
): Handler<SRv6Global, object> {
  const generic = driver.generic(driver.vswitch);

  async function set(address: string): Promise<object> {
    await generic.request(setSegmentSource(await family(generic), parseIp(address)!));
    return {};
  }

  return {
    kind: 'vpp.srv6.srv6-global',
    engine: 'kernel',
    support: { grade: 'proven', needs: ['seg6'] },
    unsupported() {
      const lack = lacking();
      return lack === undefined ? undefined : `kernel: ${lack}`;
    },
    create: (_context, _key, { encapSourceAddress }) => set(encapSourceAddress),
    update: (_context, _key, _from, { encapSourceAddress }) => set(encapSourceAddress),
    async remove() {
      await set('::');
    },
    async retrieve(context) {
      const number = await generic.get(getFamily(SEG6_FAMILY));
      const source = number === undefined ? undefined : await sourceIn(generic, number);
      if (!source || isUnspecified(source)) return [];
      // A namespace of our own has nobody else who could have set it.
      const ours = context.expected.has(SRV6_GLOBAL_KEY) || driver.vswitch.id !== driver.own.id;
      const value = create(SRv6GlobalSchema, { encapSourceAddress: formatIp(source) });
      return [{ key: SRV6_GLOBAL_KEY, value, metadata: {}, origin: ours ? 'ours' : 'foreign' }];
    },
  };
}

/** Only root of the machine may ask: elsewhere nobody can have set one either. */
async function sourceIn(generic: Rtnl, number: number) {
  try {
    return await generic.get(getSegmentSource(number));
  } catch (error) {
    if (isKernelError(error, 'EPERM')) return undefined;
    throw error;
  }
}

async function family(generic: Rtnl): Promise<number> {
  const number = await generic.get(getFamily(SEG6_FAMILY));
  if (number === undefined)
    throw new SchedulerError('failed', 'this kernel has no netlink family SEG6', { retriable: false });
  return number;
}
