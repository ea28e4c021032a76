/**
 * Conversations with a family of generic netlink (`wireguard`): several messages on one socket, from another thread, as the kernel
 * may wait. Single questions that are answered at once go the way of all requests (`generic-family.ts`).
 */

import { KernelError } from '../errors.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { within } from '../namespace/switch.ts';
import { errnoNumber } from '../syscall/errno.ts';
import { readAcknowledgement } from './acknowledgement.ts';
import { NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR } from './constants.ts';
import { Encoder } from './encoder.ts';
import {
  GENERIC_HEADER,
  genericHeader,
  GENL_ID_CTRL,
  GET_FAMILY,
  nameFamily,
  numberOfFamily,
} from './generic-family.ts';
import { Attributes, eachMessage } from './reader.ts';
import { NETLINK_GENERIC, NetlinkSocket } from './socket.ts';

export interface GenericMessage {
  /** CMD of the family. */
  readonly command: number;
  readonly version: number;
  /** True: asks for a list. */
  readonly dump?: boolean;
  /** The operation in words, for errors. Names no secret. */
  readonly operation: string;
  encode(encoder: Encoder): void;
  /** Called for each answer with its attributes, valid during the call. */
  read?(attributes: Attributes): void;
}

/** Sends messages to a family one after the other. Rejects with the KernelError of the first that fails, ENOENT for an unknown family. */
export async function converseGeneric(
  namespace: Namespace,
  family: string,
  messages: readonly GenericMessage[],
): Promise<void> {
  const socket = within(namespace, () => new NetlinkSocket(NETLINK_GENERIC));
  try {
    const type = await familyOf(socket, family);
    for (const message of messages) await exchange(socket, type, message);
  } finally {
    socket.close();
  }
}

async function familyOf(socket: NetlinkSocket, family: string): Promise<number> {
  let id = 0;
  await exchange(socket, GENL_ID_CTRL, {
    ...GET_FAMILY,
    operation: `find netlink family ${family}`,
    encode: (encoder) => nameFamily(encoder, family),
    read: (attributes) => void (id = numberOfFamily(attributes) ?? id),
  });
  return id;
}

/** From another thread: the kernel may wait there (a peer that goes waits for its packets). */
async function exchange(socket: NetlinkSocket, type: number, message: GenericMessage): Promise<void> {
  const encoder = new Encoder(1024);
  const flags = message.dump ? NLM_F_DUMP : NLM_F_ACK;
  encoder.beginMessage(type, NLM_F_REQUEST | flags, 1);
  genericHeader(encoder, message.command, message.version);
  message.encode(encoder);
  encoder.endMessage();
  await socket.sendAsync(encoder.bytes, encoder.position);
  receive(socket, message);
}

function receive(socket: NetlinkSocket, { operation, read }: GenericMessage): void {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  for (let done = false; !done; ) {
    const length = socket.receive(buffer);
    if (length < 0) throw new KernelError(errnoNumber('EIO'), { operation, explanation: 'the answer has no end' });
    eachMessage(buffer, length, (view) => {
      if (view.type !== NLMSG_ERROR && view.type !== NLMSG_DONE) return read?.(Attributes.of(view, GENERIC_HEADER));
      done = true;
      const { errno, explanation } = readAcknowledgement(view);
      if (errno !== 0) throw new KernelError(errno, { operation, ...(explanation !== undefined && { explanation }) });
    });
  }
}
