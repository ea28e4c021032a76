/** Marks on namespaces: the alias of `lo`, which each one has and which ends with it. */

import { readAcknowledgement } from '../netlink/acknowledgement.ts';
import { NLMSG_ERROR, NLM_F_ACK, NLM_F_REQUEST } from '../netlink/constants.ts';
import { Encoder } from '../netlink/encoder.ts';
import { changeLink } from '../netlink/link.ts';
import { eachMessage } from '../netlink/reader.ts';
import { NETLINK_ROUTE, NetlinkSocket } from '../netlink/socket.ts';
import { KernelError } from '../errors.ts';

/** Marks the namespace the thread is in, at once: what gets a name after this call has the mark whatever happens. */
export function markHere(mark: string): void {
  const request = changeLink({ name: 'lo' }, { alias: mark });
  const encoder = new Encoder(512);
  encoder.beginMessage(request.type, request.flags | NLM_F_REQUEST | NLM_F_ACK, 1);
  request.encode(encoder, request.spec);
  encoder.endMessage();
  const socket = new NetlinkSocket(NETLINK_ROUTE);
  try {
    socket.send(encoder.bytes, encoder.position);
    checkAnswer(socket, 'mark a namespace');
  } finally {
    socket.close();
  }
}

function checkAnswer(socket: NetlinkSocket, operation: string): void {
  const buffer = Buffer.alloc(4096);
  const length = socket.receive(buffer);
  let errno = 0;
  eachMessage(buffer, length, (message) => {
    if (message.type === NLMSG_ERROR) errno = readAcknowledgement(message).errno;
  });
  if (errno !== 0) throw new KernelError(errno, { operation });
}
