/**
 * What is on a device that is about to be removed needs no removal of its own: the kernel takes addresses, routes and neighbours
 * away with it, and asking for each costs more than the device itself.
 */

import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface as LinuxInterface } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as SwitchType } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface as SwitchInterface } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../model/key.ts';
import type { GraphView } from '../../scheduler/handler.ts';
import { interfaceKey } from '../interface/model.ts';
import { linuxInterfaceKey } from '../linux-interface/model.ts';

/** Types of VPP interfaces whose device ends with them; those of others go back to where they came from, or are shared. */
const OWN_DEVICES: ReadonlySet<SwitchType> = new Set([SwitchType.SOFTWARE_LOOPBACK, SwitchType.TAP]);
const OWN_LINUX_DEVICES: ReadonlySet<LinuxType> = new Set([LinuxType.VETH, LinuxType.DUMMY, LinuxType.VRF_DEVICE]);

/** The key of the interface when its device goes, and nobody wants it back; undefined: the device stays, or may stay. */
export function departingInterface(graph: GraphView, name: string): Key | undefined {
  const key = interfaceKey(name);
  if (graph.desired(key) !== undefined) return undefined;
  const applied = graph.applied(key) as SwitchInterface | undefined;
  return applied && OWN_DEVICES.has(applied.type) ? key : undefined;
}

/** As `departingInterface`, of a Linux interface. The far end of a TAP goes with the TAP. */
export function departingLinuxInterface(graph: GraphView, name: string): Key | undefined {
  const key = linuxInterfaceKey(name);
  if (graph.desired(key) !== undefined) return undefined;
  const applied = graph.applied(key) as LinuxInterface | undefined;
  if (!applied) return undefined;
  if (applied.link.case === 'tap') return departingInterface(graph, applied.link.value.vppTapIfName);
  return OWN_LINUX_DEVICES.has(applied.type) ? key : undefined;
}

interface Left {
  readonly graph: GraphView;
  /** The interface whose device takes it away. */
  readonly device: Key;
  readonly since: number;
  takeAway(): Promise<void>;
}

/**
 * Objects left to their device. Should the device stay after all (it is wanted again, its removal fails or takes long), they are
 * removed as they would have been.
 */
export class Departures {
  readonly #left = new Map<Key, Left>();
  #armed = false;

  leave(graph: GraphView, key: Key, device: Key, takeAway: () => Promise<void>): void {
    this.#left.set(key, { graph, device, since: performance.now(), takeAway });
    this.#arm();
  }

  /** It is made again. To be called before the kernel is asked for it. */
  cancel(key: Key): void {
    this.#left.delete(key);
  }

  #arm(): void {
    if (this.#armed || this.#left.size === 0) return;
    this.#armed = true;
    setTimeout(() => this.#look(), INTERVAL).unref();
  }

  #look(): void {
    this.#armed = false;
    const now = performance.now();
    for (const [key, { graph, device, since, takeAway }] of this.#left) {
      const isBack = graph.desired(device) !== undefined;
      const isGone = !isBack && graph.applied(device) === undefined;
      if (!isGone && !isBack && now - since < PATIENCE) continue;
      this.#left.delete(key);
      // What cannot be removed now is found, and removed, by the next look at the data plane: it is marked as ours.
      if (!isGone) takeAway().catch(() => undefined);
    }
    this.#arm();
  }
}

/** ms between two looks at what was left. */
const INTERVAL = 200;
/** ms that the removal of a device may take before what is on it is removed by itself. */
const PATIENCE = 5_000;

const known = new WeakMap<object, Departures>();

/** One for each engine. */
export function departuresOf(engine: object): Departures {
  let departures = known.get(engine);
  if (!departures) known.set(engine, (departures = new Departures()));
  return departures;
}
