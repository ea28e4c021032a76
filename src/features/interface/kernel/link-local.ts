import { writeFileSync } from 'node:fs';
import type { KernelEngine } from '../../kernel/engine.ts';

/**
 * Gives a device of ours a link-local address, without which IPv6 does not work; the vswitch's devices have none until they get
 * their first IPv6 address. Not by netlink: a device that is up already would get none then (net/ipv6/addrconf.c makes the address
 * when the parameter is written, or when the device comes up). Nothing has to be restored: the parameter goes with the device.
 */
export function obtainLinkLocal(engine: KernelEngine, device: string): void {
  writeModes(engine, device, MADE_OF_MAC);
}

/** Likewise, and has the device ask the routers of its link: it does so when a link-local address appears. */
export function renewLinkLocal(engine: KernelEngine, device: string): void {
  writeModes(engine, device, NONE, MADE_OF_MAC);
}

/** IN6_ADDR_GEN_MODE_EUI64 and _NONE (linux/if_link.h) */
const MADE_OF_MAC = '0';
const NONE = '1';

function writeModes({ driver }: KernelEngine, device: string, ...modes: readonly string[]): void {
  driver.within(driver.vswitch, () => {
    try {
      for (const mode of modes) writeFileSync(`/proc/sys/net/ipv6/conf/${device}/addr_gen_mode`, mode);
    } catch {
      // The device is gone, or there is no IPv6: the address itself will say so.
    }
  });
}
