/**
 * The fastest bare loop that carries out netlink requests: no driver, no scheduler, no promises, nothing remembered. A reference of
 * the kernel bench. Blocks the event loop while it runs.
 */

import type { Namespace } from '../src/kernel/namespace/namespace.ts';
import { readAcknowledgement } from '../src/kernel/netlink/acknowledgement.ts';
import { NLM_F_ACK, NLM_F_REQUEST, NLMSG_ERROR } from '../src/kernel/netlink/constants.ts';
import { Encoder } from '../src/kernel/netlink/encoder.ts';
import { eachMessage } from '../src/kernel/netlink/reader.ts';
import type { Request } from '../src/kernel/netlink/request.ts';
import { openSocket } from '../src/kernel/rtnl/open.ts';
import type { NetlinkProtocol } from '../src/kernel/rtnl/open.ts';

/** As many as the driver puts into one send. */
const TOGETHER = 128;

/** Carries the requests out, in order, as they are made; returns the ms it took. Throws when one of them is refused. */
export function carryOut(namespace: Namespace, protocol: NetlinkProtocol, requests: Iterable<Request>): number {
  const socket = openSocket(namespace, protocol);
  const encoder = new Encoder();
  const buffer = Buffer.alloc(256 * 1024);
  let pending = 0;
  const flush = (): void => {
    if (pending === 0) return;
    encoder.addFlags(NLM_F_ACK);
    socket.send(encoder.bytes, encoder.position);
    for (let length = socket.receive(buffer); length >= 0; length = socket.receive(buffer)) {
      eachMessage(buffer, length, (message) => {
        if (message.type !== NLMSG_ERROR) return;
        const { errno, explanation } = readAcknowledgement(message);
        if (errno !== 0) throw new Error(`errno ${errno}: ${explanation ?? ''}`);
      });
    }
    encoder.reset();
    pending = 0;
  };
  try {
    const start = performance.now();
    for (const request of requests) {
      encoder.beginMessage(request.type, NLM_F_REQUEST | request.flags, ++pending);
      request.encode(encoder, request.spec);
      encoder.endMessage();
      if (pending === TOGETHER) flush();
    }
    flush();
    return performance.now() - start;
  } finally {
    socket.close();
  }
}
