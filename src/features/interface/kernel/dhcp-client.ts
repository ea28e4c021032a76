/**
 * `vpp.interfaces.dhcp-client`: busybox' udhcpc, one process for each interface, in the namespace of the vswitch. It only talks to
 * the server; address and default route are set here, as VPP's client does, and told to the scheduler
 * (`vpp.interfaces.dhcp-lease`). The processes end with the agent; the next one asks anew.
 */

import { silentLogger } from '../../../app/log/silent.ts';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatIp, formatMac, formatPrefix, parsePrefix } from '../../../model/address.ts';
import type { Ip } from '../../../model/address.ts';
import type { DHCPLease } from '../../../model/gen/ligato/vpp/interfaces/dhcp_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { AppError } from '../../../app/errors.ts';
import { findCommand } from '../../../app/process/command.ts';
import { supervise } from '../../../app/process/supervise.ts';
import type { SupervisedProcess } from '../../../app/process/supervise.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { getLink } from '../../../kernel/netlink/link.ts';
import { deleteAddress, listAddresses, replaceAddress } from '../../../kernel/netlink/address.ts';
import { deleteRoute, listRoutes, replaceRoute } from '../../../kernel/netlink/route.ts';
import type { RouteSpec } from '../../../kernel/netlink/route.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { addressProtocols, routeProtocols, tableOfVrf } from '../../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { Handler } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { refusedWithoutVrfDevices } from '../../kernel/vrf-devices.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import { interfaceKey } from '../model/keys.ts';
import type { DhcpClient } from '../model/parts.ts';
import { LEASE_SCRIPT, readLeaseLine } from './dhcp-lease.ts';

type Listener = (interfaceName: string, lease: DHCPLease | null) => void;

interface Client {
  readonly name: string;
  readonly ifindex: number;
  readonly table: number;
  readonly mac: string;
  process?: SupervisedProcess;
  lease?: DHCPLease;
}

/** Clients of an engine by interface. */
export class DhcpClients {
  readonly #engine: KernelEngine;
  readonly #clients = new Map<string, Client>();
  #directory: string | undefined;
  #listener: Listener | undefined;

  private constructor(engine: KernelEngine) {
    this.#engine = engine;
  }

  static readonly #known = new WeakMap<KernelEngine, DhcpClients>();

  static of(engine: KernelEngine): DhcpClients {
    let clients = DhcpClients.#known.get(engine);
    if (!clients) DhcpClients.#known.set(engine, (clients = new DhcpClients(engine)));
    return clients;
  }

  /** Tells of leases, from those that there are, until the signal is aborted; then all clients end. */
  listen(listener: Listener, signal: AbortSignal): void {
    this.#listener = listener;
    for (const { name, lease } of this.#clients.values()) if (lease) listener(name, lease);
    signal.addEventListener('abort', () => void this.#end(), { once: true });
  }

  has(name: string, ifindex: number): boolean {
    const client = this.#clients.get(name);
    return client?.ifindex === ifindex && client.process !== undefined && client.process.state !== 'stopped';
  }

  async start(device: KernelInterface, interfaceName: string, table: number): Promise<void> {
    await this.stop(interfaceName);
    await this.#programs();
    const { driver } = this.#engine;
    const link = await driver.rtnl(driver.vswitch).get(getLink({ index: device.ifindex }));
    if (!link) throw new SchedulerError('failed', `device ${device.name} is gone`, { retriable: true });
    const client: Client = { name: interfaceName, ifindex: device.ifindex, table, mac: formatMac(link.address) };
    const process = supervise({
      name: `dhcp-${interfaceName}`,
      ...this.#commandFor(device.name),
      log: this.#engine.daemons?.log ?? silentLogger,
      onOutput: (line, stream) => stream === 'stdout' && this.#hear(client, line),
    });
    client.process = process;
    this.#clients.set(interfaceName, client);
    try {
      await process.start();
    } catch (error) {
      this.#clients.delete(interfaceName);
      await process.stop();
      if (!(error instanceof AppError)) throw error;
      const message = `kernel: the DHCP client does not run: ${error.message}`;
      throw new SchedulerError('failed', message, { retriable: true, cause: error });
    }
  }

  /** Gives the lease back and ends the client. */
  async stop(interfaceName: string): Promise<void> {
    const client = this.#clients.get(interfaceName);
    if (!client) return;
    this.#clients.delete(interfaceName);
    // udhcpc releases its lease on SIGUSR2, and ends on SIGTERM.
    client.process?.signal('SIGUSR2');
    await client.process?.stop();
    await this.#forget(client);
  }

  /** Rejects with SchedulerError `unimplemented` where a program is not installed. */
  async #programs(): Promise<void> {
    const needed = this.#elsewhere ? ['busybox', 'nsenter'] : ['busybox'];
    for (const command of needed) {
      await findCommand(command, process.env, '/').catch(() => {
        const debian = command === 'busybox' ? 'busybox' : 'util-linux';
        const message = `kernel: the DHCP client is udhcpc, and there is no program ${command}; install the package ${debian} and apply again`;
        throw new SchedulerError('unimplemented', message, { retriable: false });
      });
    }
  }

  /** Whether the vswitch is another namespace than the agent's. */
  get #elsewhere(): boolean {
    const { vswitch, own } = this.#engine.driver;
    return vswitch.id !== own.id;
  }

  #commandFor(device: string): { readonly command: string; readonly args: readonly string[] } {
    const client = ['busybox', 'udhcpc', '-f', '-i', device, '-s', this.#script(), '-t', '4', '-T', '2', '-A', '5'];
    if (!this.#elsewhere) return { command: client[0]!, args: client.slice(1) };
    return { command: 'nsenter', args: [`--net=${this.#engine.driver.vswitch.path}`, '--', ...client] };
  }

  #script(): string {
    this.#directory ??= mkdtempSync(join(tmpdir(), 'ligature-dhcp-'));
    const path = join(this.#directory, 'lease.sh');
    writeFileSync(path, LEASE_SCRIPT);
    chmodSync(path, 0o700);
    return path;
  }

  #hear(client: Client, line: string): void {
    if (this.#clients.get(client.name) !== client) return;
    const event = readLeaseLine(line, client.name, client.mac);
    if (!event) return;
    if (event.type === 'failed') {
      this.#engine.daemons?.log.warn({ interface: client.name }, 'no DHCP server gives an address; asking again');
    } else if (event.type === 'none') {
      if (client.lease) void this.#forget(client);
    } else {
      void this.#take(client, event.lease, event.router);
    }
  }

  async #take(client: Client, lease: DHCPLease, router: Ip | undefined): Promise<void> {
    client.lease = lease;
    try {
      const address = parsePrefix(lease.hostIpAddress)!;
      await this.#rtnl.request(replaceAddress({ link: client.ifindex, address, protocol: addressProtocols.leased }));
      await this.#clean(client, lease.hostIpAddress, router);
      if (router) await this.#rtnl.request(replaceRoute(this.#routeOf(client, router)));
    } catch (error) {
      this.#engine.daemons?.log.warn({ interface: client.name, err: error }, 'what the DHCP server gave cannot be set');
    }
    if (client.lease === lease) this.#listener?.(client.name, lease);
  }

  async #forget(client: Client): Promise<void> {
    delete client.lease;
    this.#listener?.(client.name, null);
    await this.#clean(client);
  }

  /** Takes away what a lease gave to the device, also one of the agent before this one, but for what is to stay. */
  async #clean({ ifindex: link }: Client, address?: string, router?: Ip): Promise<void> {
    const routes = await this.#rtnl.dump(listRoutes());
    const stays = router && formatIp(router);
    for (const route of routes) {
      if (route.link !== link || route.protocol !== routeProtocols.dhcpLease) continue;
      if (route.gateway && formatIp(route.gateway) === stays) continue;
      await this.#rtnl.request(deleteRoute(route)).catch(unlessGone);
    }
    for (const found of await this.#rtnl.dump(listAddresses())) {
      if (found.link !== link || found.protocol !== addressProtocols.leased) continue;
      if (formatPrefix(found.address) === address) continue;
      await this.#rtnl.request(deleteAddress({ link, address: found.address })).catch(unlessGone);
    }
  }

  #routeOf({ ifindex: link, table }: Client, gateway: Ip): RouteSpec {
    const destination = { address: { family: 4, bytes: new Uint8Array(4) }, length: 0 } as const;
    return { destination, gateway, link, table, onlink: true, protocol: routeProtocols.dhcpLease };
  }

  get #rtnl(): Rtnl {
    return this.#engine.driver.rtnl(this.#engine.driver.vswitch);
  }

  async #end(): Promise<void> {
    this.#listener = undefined;
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    await Promise.all(clients.map(async ({ process }) => process?.stop()));
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true });
    this.#directory = undefined;
  }
}

function unlessGone(error: unknown): void {
  if (!isKernelError(error, 'ESRCH', 'ENODEV', 'EADDRNOTAVAIL')) throw error;
}

export function dhcpClientHandler(engine: KernelEngine): Handler<DhcpClient, { readonly ifindex: number }> {
  const clients = DhcpClients.of(engine);
  return {
    kind: 'vpp.interfaces.dhcp-client',
    engine: 'kernel',
    support: { grade: 'proven', note: "by busybox' udhcpc (Debian: busybox), which has to be installed" },
    async create(context, key, { interface: name }) {
      const device = context.metadata<KernelInterface>(interfaceKey(name));
      if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
      const { vrf } = (context.desired(interfaceKey(name)) as Interface | undefined) ?? { vrf: 0 };
      const refusal = vrf === 0 ? undefined : refusedWithoutVrfDevices(engine, 'a DHCP client in a VRF needs');
      if (refusal !== undefined) throw new SchedulerError('unimplemented', refusal, { key, retriable: false });
      await clients.start(device, name, tableOfVrf(vrf));
      return { ifindex: device.ifindex };
    },
    remove: (_context, _key, { interface: name }) => clients.stop(name),
    retrieve(context) {
      const retrieved = [...context.expected].flatMap(([key, { value }]) => {
        const ifindex = context.metadata<KernelInterface>(interfaceKey(value.interface))?.ifindex;
        const runs = ifindex !== undefined && clients.has(value.interface, ifindex);
        return runs ? [{ key, value, metadata: { ifindex }, origin: 'ours' as const }] : [];
      });
      return Promise.resolve(retrieved);
    },
    retrieveAfter: ['vpp.interfaces'],
  };
}
