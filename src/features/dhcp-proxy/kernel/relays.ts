/** The programs that relay: dnsmasq, one process for each IP version and VRF of clients, in the vswitch's namespace. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Family } from '../../../model/address.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { KernelDaemon } from '../../kernel/daemon.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { vrfDeviceName } from '../../vrf/kernel-metadata.ts';
import { dhcpProxy } from '../model.ts';

/** Whose clients a process serves. */
export interface RelayPlace {
  readonly family: Family;
  readonly vrf: number;
}

/** UDP ports that a relay listens on (RFC 2131, RFC 8415). */
const ports: Readonly<Record<Family, number>> = { 4: 67, 6: 547 };
const families: readonly Family[] = [4, 6];

export class Relays {
  readonly #engine: KernelEngine;
  readonly #relays = new Map<string, { readonly place: RelayPlace; readonly daemon: KernelDaemon }>();
  #watched: { readonly scheduler: Scheduler; readonly signal: AbortSignal } | undefined;

  constructor(engine: KernelEngine) {
    this.#engine = engine;
    for (const family of families) this.at({ family, vrf: 0 });
  }

  at(place: RelayPlace): KernelDaemon {
    const name = nameOf(place);
    const known = this.#relays.get(name);
    if (known) return known.daemon;
    const daemon = relayOf(this.#engine, place);
    this.#relays.set(name, { place, daemon });
    if (this.#watched) daemon.watch(this.#watched.scheduler, dhcpProxy.name, this.#watched.signal);
    return daemon;
  }

  /** Those that may run, with these places at least. */
  among(places: Iterable<RelayPlace>): readonly { readonly place: RelayPlace; readonly daemon: KernelDaemon }[] {
    for (const place of places) this.at(place);
    return [...this.#relays.values()];
  }

  watch(scheduler: Scheduler, signal: AbortSignal): void {
    this.#watched = { scheduler, signal };
    for (const { daemon } of this.#relays.values()) daemon.watch(scheduler, dhcpProxy.name, signal);
  }
}

function nameOf({ family, vrf }: RelayPlace): string {
  return vrf === 0 ? `dhcp-relay-ipv${family}` : `dhcp-relay-ipv${family}-vrf-${vrf}`;
}

/** In a VRF its sockets are bound to the VRF device: it hears, and speaks to, nobody else. */
function relayOf(engine: KernelEngine, place: RelayPlace): KernelDaemon {
  const { driver } = engine;
  const { family, vrf } = place;
  return new KernelDaemon(engine, {
    name: nameOf(place),
    command: 'dnsmasq',
    debianPackage: 'dnsmasq-base',
    args: (file) => ['--keep-in-foreground', `--conf-file=${file}`, '--log-facility=-'],
    ready: (pid) => driver.within(driver.vswitch, () => refuseUnlessServed(family, vrf === 0 ? undefined : pid)),
    ...(vrf === 0
      ? {}
      : {
          through: {
            command: 'ip',
            args: ['vrf', 'exec', vrfDeviceName(vrf)],
            debianPackage: 'iproute2',
            needs: 'control groups (version 2) that it may make, and BPF',
          },
        }),
  });
}

/** Throws until this process, without one anybody, listens on the relay's port of the namespace. */
function refuseUnlessServed(family: Family, pid: number | undefined): void {
  const table = readFileSync(`/proc/thread-self/net/udp${family === 6 ? '6' : ''}`, 'latin1');
  const port = ports[family].toString(16).toUpperCase().padStart(4, '0');
  // Local address, remote address, state, queues, timer, retransmissions, user, timeout, inode (proc(5)).
  const lines = table.matchAll(new RegExp(`^\\s*\\d+: [0-9A-F]+:${port} (?:\\S+ +){7}(\\d+)`, 'gm'));
  const listening = Array.from(lines, ([, inode]) => inode!);
  const own = pid === undefined ? undefined : socketsOf(pid);
  if (listening.some((inode) => own === undefined || own.has(inode))) return;
  throw new Error(`nobody listens on port ${ports[family]}`);
}

/** Inodes of a process's sockets; undefined where one may not look. */
function socketsOf(pid: number): ReadonlySet<string> | undefined {
  try {
    const files = readdirSync(`/proc/${pid}/fd`).map((file) => readlinkSync(`/proc/${pid}/fd/${file}`));
    return new Set(files.flatMap((text) => /^socket:\[(\d+)\]$/.exec(text)?.[1] ?? []));
  } catch {
    return undefined;
  }
}
