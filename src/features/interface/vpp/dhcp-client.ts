/**
 * `vpp.interfaces.dhcp-client`: VPP's own client (plugin dhcp), which sets the address and the default route itself. What it was given
 * is told to the scheduler (`vpp.interfaces.dhcp-lease`).
 */

import { create } from '@bufbuild/protobuf';
import { DHCPLeaseSchema } from '../../../model/gen/ligato/vpp/interfaces/dhcp_pb.js';
import type { DHCPLease } from '../../../model/gen/ligato/vpp/interfaces/dhcp_pb.js';
import { structurallyEqual } from '../../../scheduler/equality.ts';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { isVppError } from '../../../vpp/index.ts';
import type { Messages, VppClient } from '../../../vpp/index.ts';
import { KernelNotifier as Notifier } from '../../kernel/notifier.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { dhcpClientKey, dhcpLeaseKey } from '../model/keys.ts';
import { dhcpLease } from '../model/part-kinds.ts';
import type { DhcpClient } from '../model/parts.ts';
import { swIfIndexOf } from '../vpp-metadata.ts';

type Metadata = { readonly swIfIndex: number };
type Lease = Messages['dhcp_client_details']['lease'];

/** VPP only tells it back. */
const OUR_PID = 1;
/** Longest host name of VPP's message, in bytes. */
const LONGEST_HOST_NAME = 63;

export function dhcpClientHandler(engine: VppEngine): Handler<DhcpClient, Metadata> {
  const { client, owner } = engine;
  const configure = ({ signal }: OperationContext, sw_if_index: number, is_add: boolean) => {
    const fields = { hostname: owner.slice(0, LONGEST_HOST_NAME), want_dhcp_event: true, set_broadcast_flag: true };
    return client.request(
      'dhcp_client_config',
      { is_add, client: { sw_if_index, pid: OUR_PID, ...fields } },
      { signal },
    );
  };
  return {
    kind: 'vpp.interfaces.dhcp-client',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['dhcp_client_config'], ['dhcp_client_dump']),
    async create(context, _key, { interface: name }) {
      const swIfIndex = swIfIndexOf(context, name);
      try {
        await configure(context, swIfIndex, true);
      } catch (error) {
        // There is one, of a request whose outcome nobody knew, or by hand: a new one tells us what it is given.
        if (!isVppError(error, 'INVALID_VALUE')) throw error;
        await Promise.all([configure(context, swIfIndex, false), configure(context, swIfIndex, true)]);
      }
      return { swIfIndex };
    },
    async remove(context, _key, _value, { swIfIndex }) {
      await removed(configure(context, swIfIndex, false), 'INVALID_VALUE');
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<DhcpClient, Metadata>,
): Promise<readonly Retrieved<DhcpClient, Metadata>[]> {
  const dump = vppDump(engine, context.session);
  const [interfaces, clients] = await Promise.all([dump.interfaces(), dump.list('dhcp_client_dump', {})]);
  const retrieved: Retrieved<DhcpClient, Metadata>[] = [];
  for (const { client } of clients) {
    const name = interfaces.at(client.sw_if_index)?.tag ?? '';
    const key = dhcpClientKey(name);
    if (name === '' || context.keys?.has(key) === false) continue;
    const metadata = { swIfIndex: client.sw_if_index };
    retrieved.push({ key, value: { interface: name }, metadata, origin: 'ours' });
  }
  return retrieved;
}

/** The address of a lease with its prefix length; undefined while there is none. */
export function leasedPrefix({ state, host_address, mask_width }: Lease): string | undefined {
  return state === 'DHCP_CLIENT_STATE_API_BOUND' ? `${host_address}/${mask_width}` : undefined;
}

/**
 * Tells of leases until the signal. VPP tells the connection on which a client was asked for, and only that one: after a restart of
 * the agent nothing is heard of clients that were there, so they are looked at as well, for as long as there are any.
 */
export async function watchLeases(engine: VppEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const watch = new LeaseWatch(engine, new Notifier(scheduler, signal));
  let first: Promise<void> | undefined;
  const stop = engine.client.onState(({ state }) => {
    if (state === 'disconnected') return;
    const looked = watch.listen(signal);
    first ??= looked;
  });
  const timer = setInterval(() => void watch.look(), BETWEEN_LOOKS).unref();
  signal.addEventListener('abort', () => (stop(), clearInterval(timer)), { once: true });
  await first;
}

const BETWEEN_LOOKS = 5_000;

class LeaseWatch {
  readonly #engine: VppEngine;
  readonly #notifier: Notifier;
  readonly #told = new Map<string, DHCPLease>();

  constructor(engine: VppEngine, notifier: Notifier) {
    this.#engine = engine;
    this.#notifier = notifier;
  }

  async listen(signal: AbortSignal): Promise<void> {
    const { client } = this.#engine;
    if (client.has('dhcp_compl_event')) void this.#follow(client, signal);
    await this.look();
  }

  async #follow(client: VppClient, signal: AbortSignal): Promise<void> {
    try {
      for await (const _lease of client.events('dhcp_compl_event', { signal })) await this.look();
    } catch {
      // A connection that is gone is followed by another one; what was missed is looked at.
    }
  }

  async look(): Promise<void> {
    const { client, log } = this.#engine;
    try {
      if (!client.isConnected || !client.has('dhcp_client_dump')) return;
      const clients = await client.list('dhcp_client_dump', {});
      this.#tell(clients.length === 0 ? [] : await leasesOf(client, clients));
    } catch (error) {
      if (!isVppError(error, 'disconnected', 'closed')) log.warn({ err: error }, 'VPP does not tell its DHCP leases');
    }
  }

  #tell(leases: readonly DHCPLease[]): void {
    const now = new Map(leases.map((lease) => [lease.interfaceName, lease]));
    for (const name of [...this.#told.keys()]) {
      if (now.has(name)) continue;
      this.#told.delete(name);
      this.#notifier.notify({ key: dhcpLeaseKey(name), kind: dhcpLease.name, value: null });
    }
    for (const [name, lease] of now) {
      if (structurallyEqual(this.#told.get(name), lease)) continue;
      this.#told.set(name, lease);
      this.#notifier.notify({ key: dhcpLeaseKey(name), kind: dhcpLease.name, value: lease });
    }
  }
}

async function leasesOf(
  client: VppClient,
  clients: readonly Messages['dhcp_client_details'][],
): Promise<readonly DHCPLease[]> {
  const tags = new Map((await client.list('sw_interface_dump', {})).map(({ sw_if_index, tag }) => [sw_if_index, tag]));
  return clients.flatMap(({ lease }) => {
    const interfaceName = tags.get(lease.sw_if_index) ?? '';
    const hostIpAddress = leasedPrefix(lease);
    if (interfaceName === '' || hostIpAddress === undefined) return [];
    const { hostname: hostName, is_ipv6: isIpv6, host_mac: hostPhysAddress, router_address: router } = lease;
    const routerIpAddress = router === '0.0.0.0' ? '' : `${router}/${lease.mask_width}`;
    const fields = { interfaceName, hostName, isIpv6, hostPhysAddress, hostIpAddress, routerIpAddress };
    return [create(DHCPLeaseSchema, fields)];
  });
}
