/**
 * The fastest bare loop that makes the kernel objects of pods: no driver, no scheduler, no promises, nothing remembered. The
 * reference of the kernel bench. Blocks the event loop while it runs.
 *
 * A pod: a veth pair whose far end is created in the pod's namespace with its name and MAC, the near end marked and up (and port of a
 * bridge, if asked), in the pod the end up, an address, the default route and a permanent neighbour.
 */

import { closeSync } from 'node:fs';
import { parseIp, parsePrefix } from '../src/model/address.ts';
import type { Namespace } from '../src/kernel/namespace/namespace.ts';
import { namespacesIn } from '../src/kernel/namespace/directory.ts';
import { openNamespace, ownNamespace, withinDescriptor } from '../src/kernel/namespace/switch.ts';
import { readAcknowledgement } from '../src/kernel/netlink/acknowledgement.ts';
import { addAddress } from '../src/kernel/netlink/address.ts';
import { NLM_F_ACK, NLM_F_REQUEST, NLMSG_ERROR } from '../src/kernel/netlink/constants.ts';
import { Encoder } from '../src/kernel/netlink/encoder.ts';
import { changeLink, createLink, deleteLinkGroup } from '../src/kernel/netlink/link.ts';
import { replaceNeighbour } from '../src/kernel/netlink/neighbour.ts';
import { eachMessage } from '../src/kernel/netlink/reader.ts';
import type { Request } from '../src/kernel/netlink/request.ts';
import { addRoute } from '../src/kernel/netlink/route.ts';
import { NETLINK_ROUTE, NetlinkSocket } from '../src/kernel/netlink/socket.ts';

export interface BarePodsOptions {
  /** Namespace that plays the vswitch. */
  readonly vswitch: Namespace;
  readonly count: number;
  /** First part of the names of pod namespaces; `-0`, `-1`, ... follow. */
  readonly name: string;
  /** Bridges to spread the pods over. 0: routed, each pod in a subnet of its own, with the gateway's address on the near end. */
  readonly bridges: number;
  /** Make the named namespaces, too. Otherwise they exist. */
  readonly namespaces: boolean;
  readonly namespaceDirectory?: string;
}

/** Makes the pods; returns the ms it took. */
export function createBarePods(options: BarePodsOptions): number {
  const directory = namespacesIn(options.namespaceDirectory ?? '/var/run/netns', () => options.vswitch);
  const existing = options.namespaces ? [] : podNames(options).map((name) => directory.resolve({ type: 'name', name }));
  const channel = new Channel(options.vswitch);
  try {
    const bridges = createBridges(channel, options.bridges);
    const start = performance.now();
    for (let pod = 0; pod < options.count; pod++) {
      const namespace = existing[pod] ?? directory.create(`${options.name}-${pod}`);
      createPod(channel, namespace, pod, bridges);
    }
    return performance.now() - start;
  } finally {
    channel.close();
  }
}

/** Removes the links of all pods the fastest way, in one step; returns the ms it took. */
export function removeBarePods(options: BarePodsOptions): number {
  const channel = new Channel(options.vswitch);
  try {
    const start = performance.now();
    channel.exchange([deleteLinkGroup(POD_GROUP)]);
    return performance.now() - start;
  } finally {
    channel.close();
  }
}

export function podNames({ name, count }: Pick<BarePodsOptions, 'name' | 'count'>): string[] {
  return Array.from({ length: count }, (_, pod) => `${name}-${pod}`);
}

/** Name of the near end. */
export function bareDevice(pod: number): string {
  return `bare${pod}`;
}

/** Links are in it from the start, which is what makes their removal cheap. */
const POD_GROUP = 0x4c490001;
const FIRST_BRIDGE = 1_000_000;
const FIRST_NEAR = 2_000_000;
/** The pod's end, in its own namespace, where 1 is the loopback. */
const FAR = 2;

function createBridges(channel: Channel, count: number): number[] {
  const indexes = Array.from({ length: count }, (_, bridge) => FIRST_BRIDGE + bridge);
  for (const index of indexes)
    channel.exchange([createLink({ name: `bare-br${index}`, kind: { type: 'bridge' }, index, up: true })]);
  return indexes;
}

function createPod(channel: Channel, namespace: Namespace, pod: number, bridges: readonly number[]): void {
  const fd = openNamespace(namespace);
  try {
    const near = FIRST_NEAR + pod;
    const mac = Uint8Array.of(2, 0xfe, 0, 0, pod >> 8, pod & 255);
    const address = parsePrefix(`10.${64 + (pod >> 8)}.${pod & 255}.2/24`)!;
    const gateway = parseIp(`10.${64 + (pod >> 8)}.${pod & 255}.1`)!;
    const master = bridges[pod % Math.max(1, bridges.length)];
    const link = createLink({
      name: bareDevice(pod),
      index: near,
      kind: { type: 'veth', peer: { name: 'eth0', address: mac, namespace, index: FAR } },
      group: POD_GROUP,
      up: true,
      ...(master !== undefined && { master }),
    });
    const outside = [
      changeLink({ index: near }, { alias: `bare pod ${pod}` }),
      ...(master === undefined ? [addAddress({ link: near, address: { address: gateway, length: 24 } })] : []),
    ];
    channel.exchange([link, ...outside], fd);
    channel.exchangeIn(fd, [
      changeLink({ index: FAR }, { up: true }),
      addAddress({ link: FAR, address }),
      addRoute({ destination: parsePrefix('0.0.0.0/0')!, gateway, link: FAR }),
      replaceNeighbour({ link: FAR, address: gateway, mac: Uint8Array.of(2, 0xfe, 1, 0, pod >> 8, pod & 255) }),
    ]);
  } finally {
    closeSync(fd);
  }
}

/** Sends requests and waits for the answer, with as little as possible in between. */
class Channel {
  readonly #encoder = new Encoder();
  readonly #buffer = Buffer.allocUnsafeSlow(64 * 1024);
  readonly #socket: NetlinkSocket;

  constructor(vswitch: Namespace) {
    const fd = vswitch.id === ownNamespace.id ? undefined : openNamespace(vswitch);
    this.#socket =
      fd === undefined
        ? new NetlinkSocket(NETLINK_ROUTE)
        : withinDescriptor(fd, () => new NetlinkSocket(NETLINK_ROUTE));
    if (fd !== undefined) closeSync(fd);
  }

  exchange(requests: readonly Request[], podDescriptor?: number): void {
    this.#on(this.#socket, requests, podDescriptor);
  }

  exchangeIn(fd: number, requests: readonly Request[]): void {
    const socket = withinDescriptor(fd, () => new NetlinkSocket(NETLINK_ROUTE));
    try {
      this.#on(socket, requests);
    } finally {
      socket.close();
    }
  }

  close(): void {
    this.#socket.close();
  }

  #on(socket: NetlinkSocket, requests: readonly Request[], podDescriptor?: number): void {
    const encoder = this.#encoder;
    encoder.openNamespace = () => podDescriptor!;
    encoder.reset();
    for (const [index, request] of requests.entries()) {
      encoder.beginMessage(request.type, request.flags | NLM_F_REQUEST, index + 1);
      request.encode(encoder, request.spec);
      encoder.endMessage();
    }
    encoder.addFlags(NLM_F_ACK);
    socket.send(encoder.bytes, encoder.position);
    for (let acknowledged = false; !acknowledged; ) {
      const length = socket.receive(this.#buffer);
      if (length < 0) throw new Error('the kernel did not answer');
      eachMessage(this.#buffer, length, (message) => {
        if (message.type !== NLMSG_ERROR) return;
        const { errno, explanation } = readAcknowledgement(message);
        if (errno !== 0)
          throw new Error(
            `${requests[message.sequence - 1]!.describe(requests[message.sequence - 1]!.spec)}: errno ${errno} ${explanation ?? ''}`,
          );
        acknowledged = message.sequence === requests.length;
      });
    }
  }
}
