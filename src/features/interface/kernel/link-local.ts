import { writeFileSync } from 'node:fs';
import type { KernelEngine } from '../../kernel-engine.ts';

/**
 * Gives a device of ours a link-local address, without which IPv6 does not work; the vswitch's devices have none until they get
 * their first IPv6 address. Not by netlink: a device that is up already would get none then (net/ipv6/addrconf.c makes the address
 * when the parameter is written, or when the device comes up). Nothing has to be restored: the parameter goes with the device.
 */
export function obtainLinkLocal({ driver }: KernelEngine, device: string): void {
  driver.within(driver.vswitch, () => {
    try {
      writeFileSync(`/proc/sys/net/ipv6/conf/${device}/addr_gen_mode`, '0');
    } catch {
      // The device is gone, or there is no IPv6: the address itself will say so.
    }
  });
}
