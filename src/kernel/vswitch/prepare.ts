/**
 * Makes a namespace behave like a VPP instance: it forwards, answers only for itself, makes no addresses of its own and keeps
 * what was configured. Values are set once at start, originals go to the ledger (`Sysctls.restoreAll` on a clean removal).
 */

import type { KernelDriver, KernelLog } from '../driver.ts';
import { isKernelError } from '../errors.ts';
import { changeLink } from '../netlink/link.ts';

/** Needed wherever the engine runs, and harmless to the host's own traffic: a data plane that does not forward is none. */
const shared: Readonly<Record<string, number>> = {
  'net/ipv4/ip_forward': 1,
  'net/ipv6/conf/all/forwarding': 1,
};

/** Only in a namespace that the agent has for itself. */
const owned: Readonly<Record<string, number>> = {
  ...shared,
  // Bridged frames do not pass through IP hooks: VPP's bridge domains do not either.
  'net/bridge/bridge-nf-call-iptables': 0,
  'net/bridge/bridge-nf-call-ip6tables': 0,
  'net/bridge/bridge-nf-call-arptables': 0,
  // An interface answers ARP for its own addresses only, unless a feature says otherwise of it, and uses its own as source.
  'net/ipv4/conf/default/arp_ignore': 1,
  'net/ipv4/conf/all/arp_announce': 2,
  'net/ipv4/conf/all/rp_filter': 0,
  'net/ipv4/conf/default/rp_filter': 0,
  'net/ipv4/conf/all/send_redirects': 0,
  'net/ipv4/conf/default/send_redirects': 0,
  // The first address of a subnet may go while others of it stay.
  'net/ipv4/conf/all/promote_secondaries': 1,
  'net/ipv4/conf/default/promote_secondaries': 1,
  // No link-local addresses, duplicate detection and router solicitation until somebody configures IPv6 on a device; a
  // thousand ports that do all that slow down the creation of each one after.
  'net/ipv6/conf/default/addr_gen_mode': 1,
  'net/ipv6/conf/default/accept_dad': 0,
  'net/ipv6/conf/all/accept_ra': 0,
  'net/ipv6/conf/default/accept_ra': 0,
  'net/ipv6/conf/default/router_solicitations': 0,
  'net/ipv6/conf/all/keep_addr_on_down': 1,
  'net/ipv6/conf/default/keep_addr_on_down': 1,
  // Equal paths are chosen by addresses, ports and protocol, not by addresses alone.
  'net/ipv4/fib_multipath_hash_policy': 1,
  'net/ipv6/fib_multipath_hash_policy': 1,
  // VPP answers whatever comes in whichever way the reply goes.
  'net/ipv4/conf/all/accept_local': 1,
  'net/ipv4/tcp_l3mdev_accept': 1,
  'net/ipv4/udp_l3mdev_accept': 1,
};

/**
 * Prepares the vswitch namespace. In the agent's own namespace (shared with the host) only forwarding is switched on.
 * Parameters that this kernel or user does not have are left out, with a warning.
 */
export async function prepareVswitch(driver: KernelDriver, log: KernelLog): Promise<void> {
  const dedicated = driver.vswitch.id !== driver.own.id;
  const sysctl = driver.sysctl(driver.vswitch);
  const wanted = Object.entries(dedicated ? owned : shared);
  const written = wanted.map(async ([path, value]) => {
    try {
      await sysctl.write(path, value);
    } catch (error) {
      if (!isKernelError(error, 'ENOENT', 'EACCES', 'EPERM', 'EROFS')) throw error;
      log.warn({ parameter: path, value, err: error }, `kernel parameter ${path} could not be set to ${value}`);
    }
  });
  const loopback = dedicated ? [driver.rtnl(driver.vswitch).request(changeLink({ name: 'lo' }, { up: true }))] : [];
  await Promise.all([...written, ...loopback]);
}
