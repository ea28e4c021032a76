/** The pieces of a Linux interface that come and go on their own, and their kinds. */

import { Interface_Type as Type } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Dependency, Kind, Part } from '../../../scheduler/kind.ts';
import { spelledPrefix } from '../../equality.ts';
import { allocationDependency, isReference } from '../../netalloc/model.ts';
import * as keys from './keys.ts';
import type { LinuxAddressSource } from './keys.ts';

/** An address of a Linux interface (`linux.interfaces.interface.address`). */
export interface LinuxInterfaceAddress {
  readonly interface: string;
  /** Canonical, with prefix length; or a reference `alloc:...` (see netalloc's `resolveAddress`). */
  readonly address: string;
  readonly source: LinuxAddressSource;
  /** Name of the host interface somebody else has to make first; empty when the agent makes it. */
  readonly existing: string;
  /** Logical name of the VRF device the interface belongs to; empty for none. */
  readonly vrfDevice: string;
}

/** A Linux interface in a VRF (`linux.interfaces.interface.vrf`). */
export interface LinuxInterfaceVrf {
  readonly interface: string;
  /** Logical name of the VRF device. */
  readonly vrfDevice: string;
  /** Name of the host interface that somebody else puts into the VRF; empty when the agent does. */
  readonly existing: string;
}

/** Property: administrative state of a Linux interface. */
export interface LinuxInterfaceState {
  readonly interface: string;
  readonly state: 'UP' | 'DOWN';
}

/** The name of the interface in the kernel. */
export function hostIfName({ type, name, hostIfName: configured }: Interface): string {
  return type === Type.LOOPBACK ? 'lo' : configured || name;
}

/** Addresses and VRF of such an interface are somebody else's work: the agent waits for them. */
export function waitsForAddresses({ type, linkOnly }: Interface): boolean {
  return type === Type.EXISTING && linkOnly;
}

export function linuxInterfaceParts(value: Interface): readonly Part[] {
  const { name, type, enabled, vrfMasterInterface: vrfDevice } = value;
  const state: LinuxInterfaceState = { interface: name, state: enabled ? 'UP' : 'DOWN' };
  const parts: Part[] = [{ key: keys.linuxInterfaceStateKey(name, state.state), value: state }];
  if (vrfDevice !== '') {
    const existing = waitsForAddresses(value) ? hostIfName(value) : '';
    const member: LinuxInterfaceVrf = { interface: name, vrfDevice, existing };
    parts.push({ key: keys.linuxInterfaceVrfKey(name, vrfDevice), kind: linuxInterfaceVrf.name, value: member });
  }
  if (value.linkOnly && type !== Type.EXISTING) return parts;
  for (const text of value.ipAddresses) parts.push(addressPart(value, text));
  return parts;
}

function addressPart(owner: Interface, text: string): Part {
  const { name, type, vrfMasterInterface: vrfDevice } = owner;
  const address = spelledPrefix(text);
  const source = waitsForAddresses(owner) ? 'existing' : isReference(text) ? 'alloc_ref' : 'static';
  const existing = type === Type.EXISTING ? hostIfName(owner) : '';
  const value: LinuxInterfaceAddress = { interface: name, address, source, existing, vrfDevice };
  return { key: keys.linuxInterfaceAddressKey(name, source, address), kind: linuxInterfaceAddress.name, value };
}

export const linuxInterfaceAddress: Kind<LinuxInterfaceAddress> = {
  name: 'linux.interfaces.interface.address',
  dependencies(_key, { interface: name, address, source, existing, vrfDevice }) {
    const dependencies: Dependency[] = [];
    if (vrfDevice !== '') {
      // Entering a VRF takes the IPv6 addresses of a device away.
      const key = keys.linuxInterfaceVrfKey(name, vrfDevice);
      dependencies.push({ label: `${name} in VRF ${vrfDevice}`, key });
    }
    if (source === 'existing') {
      const key = keys.hostAddressKey(existing, address);
      dependencies.push({ label: `address ${address} on host interface ${existing}`, key });
    } else if (existing !== '') {
      dependencies.push(hostInterfaceDependency(existing));
    }
    const allocation = allocationDependency(address, name);
    if (allocation !== undefined) dependencies.push(allocation);
    return dependencies;
  },
};

export const linuxInterfaceVrf: Kind<LinuxInterfaceVrf> = {
  name: 'linux.interfaces.interface.vrf',
  dependencies(_key, { vrfDevice, existing }) {
    const device = linuxInterfaceDependency(vrfDevice);
    if (existing === '') return [device];
    return [
      device,
      { label: `host interface ${existing} in a VRF`, anyOf: { prefixes: [keys.hostVrfPrefix(existing)] } },
    ];
  },
};

/** Told by the watcher of the agent's namespace: a device is there. */
export interface HostInterface {
  readonly hostName: string;
  /** The kernel's number of it: another device of that name has another one. */
  readonly index: number;
  /** Of a network card, as `0000:0b:00.0`. */
  readonly pciAddress?: string;
}

/** Told by the watcher: a device has this address (canonical, with prefix length). */
export interface HostAddress {
  readonly hostName: string;
  readonly address: string;
}

/** Told by the watcher: a device belongs to this VRF device. */
export interface HostVrf {
  readonly hostName: string;
  readonly vrfHostName: string;
}

export const hostInterface: Kind<HostInterface> = { name: 'linux.interfaces.interface.host-name' };
export const hostAddress: Kind<HostAddress> = { name: 'linux.interfaces.interface.host-address' };
export const hostVrf: Kind<HostVrf> = { name: 'linux.interfaces.interface.host-vrf' };

/** The Linux interface has to be there first. */
export function linuxInterfaceDependency(name: string): Dependency {
  return { label: `Linux interface ${name}`, key: keys.linuxInterfaceKey(name) };
}

/** The Linux interface has to be there and up. */
export function linuxInterfaceUpDependency(name: string): Dependency {
  return { label: `Linux interface ${name} up`, key: keys.linuxInterfaceStateKey(name, 'UP') };
}

/** At least one address has to be assigned to the Linux interface. */
export function linuxAddressDependency(name: string): Dependency {
  return {
    label: `an address on Linux interface ${name}`,
    anyOf: { prefixes: [keys.linuxInterfaceAddressPrefix(name)] },
  };
}

/** A device that somebody else makes has to be there in the agent's namespace. */
export function hostInterfaceDependency(hostName: string): Dependency {
  return { label: `host interface ${hostName}`, key: keys.hostNameKey(hostName) };
}
