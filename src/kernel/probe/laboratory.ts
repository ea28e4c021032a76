import { readAcknowledgement } from '../netlink/acknowledgement.ts';
import { NLMSG_ERROR, NLM_F_ACK, NLM_F_REQUEST } from '../netlink/constants.ts';
import { Encoder } from '../netlink/encoder.ts';
import { eachMessage } from '../netlink/reader.ts';
import type { Request } from '../netlink/request.ts';
import { NETLINK_NETFILTER, NETLINK_ROUTE, NETLINK_XFRM, NetlinkSocket } from '../netlink/socket.ts';
import { currentDescriptor, proveReturn, returnTo } from '../namespace/switch.ts';
import { CLONE_NEWNET, check, unshare } from '../syscall/libc.ts';

/** One thing to try. Errors: 0 for success, else the errno and what the kernel said. */
export interface Outcome {
  readonly errno: number;
  readonly explanation: string | undefined;
}

export interface Laboratory {
  /** Tries rtnetlink requests one after the other. */
  route(requests: readonly Request[]): Promise<Outcome[]>;
  /** Tries whole netlink messages (payload after the header) on another protocol; one outcome for each. */
  raw(protocol: 'xfrm' | 'netfilter', messages: readonly RawMessage[]): Promise<Outcome[]>;
  close(): void;
}

export interface RawMessage {
  readonly type: number;
  readonly flags: number;
  encode(encoder: Encoder): void;
}

/** A new, nameless namespace, kept alive by sockets alone. */
export function openLaboratory(): Laboratory {
  const sockets = openSockets();
  const buffer = Buffer.allocUnsafeSlow(64 * 1024);
  return {
    route: (requests) => attempt(sockets.route, buffer, requests.map(rawOf)),
    raw: async (protocol, messages) => {
      const socket = sockets[protocol];
      return socket ? attempt(socket, buffer, messages) : messages.map(() => NO_PROTOCOL);
    },
    close() {
      for (const socket of [sockets.route, sockets.xfrm, sockets.netfilter]) socket?.close();
    },
  };
}

interface Sockets {
  readonly route: NetlinkSocket;
  readonly xfrm: NetlinkSocket | undefined;
  readonly netfilter: NetlinkSocket | undefined;
}

const NO_PROTOCOL: Outcome = { errno: 93, explanation: 'no such netlink protocol' };

function openSockets(): Sockets {
  const previous = currentDescriptor();
  proveReturn();
  check(unshare(CLONE_NEWNET), 'create a network namespace to try things in');
  try {
    return {
      route: new NetlinkSocket(NETLINK_ROUTE),
      xfrm: openIfPresent(NETLINK_XFRM),
      netfilter: openIfPresent(NETLINK_NETFILTER),
    };
  } finally {
    returnTo(previous);
  }
}

function openIfPresent(protocol: number): NetlinkSocket | undefined {
  try {
    return new NetlinkSocket(protocol);
  } catch {
    return undefined;
  }
}

function rawOf(request: Request): RawMessage {
  return { type: request.type, flags: request.flags, encode: (encoder) => request.encode(encoder, request.spec) };
}

/** From another thread: trying may load a kernel module, which takes as long as it takes. */
async function attempt(socket: NetlinkSocket, buffer: Buffer, messages: readonly RawMessage[]): Promise<Outcome[]> {
  const encoder = new Encoder(16384);
  messages.forEach((message, index) => {
    encoder.beginMessage(message.type, message.flags | NLM_F_REQUEST | NLM_F_ACK, index);
    message.encode(encoder);
    encoder.endMessage();
  });
  await socket.sendAsync(encoder.bytes, encoder.position);
  const outcomes: Outcome[] = messages.map(() => ({ errno: 0, explanation: undefined }));
  for (let length = socket.receive(buffer); length >= 0; length = socket.receive(buffer)) {
    eachMessage(buffer, length, (message) => {
      if (message.type === NLMSG_ERROR) outcomes[message.sequence] = readAcknowledgement(message);
    });
  }
  return outcomes;
}
