/** Keys of Linux interfaces, their parts, and what the watcher of the host tells (vpp-agent's keys, unchanged). */

import { asKey } from '../../../model/key.ts';
import type { Key } from '../../../model/key.ts';

export const LINUX_INTERFACE_PREFIX = 'config/linux/interfaces/v2/interface/';

export function linuxInterfaceKey(name: string): Key {
  return asKey(LINUX_INTERFACE_PREFIX + name);
}

/** `existing`: somebody else assigns it, the agent waits for it. */
export type LinuxAddressSource = 'static' | 'alloc_ref' | 'existing';

/** Prefix of all address keys of a Linux interface. */
export function linuxInterfaceAddressPrefix(interfaceName: string): string {
  return `linux/interface/${interfaceName}/address`;
}

/** `address` is canonical, with its prefix length, or a reference `alloc:...`. */
export function linuxInterfaceAddressKey(interfaceName: string, source: LinuxAddressSource, address: string): Key {
  return asKey(`linux/interface/${interfaceName}/address/${source}/${address}`);
}

/** Both names are logical. */
export function linuxInterfaceVrfKey(interfaceName: string, vrfDevice: string): Key {
  return asKey(`linux/interface/${interfaceName}/vrf/${vrfDevice}`);
}

export function linuxInterfaceStateKey(interfaceName: string, state: 'UP' | 'DOWN'): Key {
  return asKey(`linux/interface/state/${interfaceName}/${state}`);
}

/** Told by the watcher: a device of this name is there in the agent's namespace. */
/** Of all devices in the agent's namespace. */
export const HOST_NAME_PREFIX = 'linux/interface/host-name';

export function hostNameKey(hostName: string): Key {
  return asKey(`linux/interface/host-name/${hostName}`);
}

/** Told by the watcher; the address is canonical, with its prefix length. */
export function hostAddressKey(hostName: string, address: string): Key {
  return asKey(`linux/interface/host-name/${hostName}/address/${address}`);
}

/** Prefix of the keys that say in which VRF device the watcher sees a host interface. */
export function hostVrfPrefix(hostName: string): string {
  return `linux/interface/host-name/${hostName}/vrf-host-name`;
}

export function hostVrfKey(hostName: string, vrfHostName: string): Key {
  return asKey(`${hostVrfPrefix(hostName)}/${vrfHostName}`);
}
