import { KernelError } from '../errors.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { readAcknowledgement } from '../netlink/acknowledgement.ts';
import { NLMSG_DONE, NLMSG_ERROR, NLM_F_DUMP_INTR, NLM_F_REQUEST } from '../netlink/constants.ts';
import { Encoder } from '../netlink/encoder.ts';
import { eachMessage } from '../netlink/reader.ts';
import type { Query } from '../netlink/request.ts';
import type { NetlinkSocket } from '../netlink/socket.ts';
import { errnoNumber } from '../syscall/errno.ts';
import { nextSequence } from './burst.ts';
import { openSocket } from './open.ts';
import type { NetlinkProtocol } from './open.ts';
import { nextTurn } from './turn.ts';

/** ms between two looks at the rest of the event loop. */
const TURN = 4;
/** How often a list is read again because it changed meanwhile. From the third time on in one go. */
const ATTEMPTS = 5;

interface Place {
  readonly namespace: Namespace;
  readonly protocol: NetlinkProtocol;
}

/** Reads a whole list. A list that changed while it was read is read again. */
export async function readAll<T>(from: Place, query: Query<T>, buffer: Buffer): Promise<T[]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const list = await readOnce(from, query, buffer, attempt < 3);
    if (list) return list;
  }
  const operation = `${query.describe(query.spec as never)} in ${from.namespace.label}`;
  throw new KernelError(errnoNumber('EAGAIN'), {
    operation,
    explanation: 'it changed each time while it was read',
    hint: '',
    retriable: true,
  });
}

async function readOnce<T>(
  { namespace, protocol }: Place,
  query: Query<T>,
  buffer: Buffer,
  yielding: boolean,
): Promise<T[] | undefined> {
  const socket = openSocket(namespace, protocol);
  try {
    const reading = new Reading(socket, query, namespace.label);
    let since = performance.now();
    while (!reading.done) {
      reading.receive(buffer);
      if (!yielding || reading.done || performance.now() - since < TURN) continue;
      await nextTurn();
      since = performance.now();
    }
    return reading.interrupted ? undefined : reading.list;
  } finally {
    socket.close();
  }
}

const encoder = new Encoder(1024);

class Reading<T> {
  readonly list: T[] = [];
  done = false;
  interrupted = false;
  readonly #socket: NetlinkSocket;
  readonly #query: Query<T>;
  readonly #operation: string;

  constructor(socket: NetlinkSocket, query: Query<T>, where: string) {
    this.#socket = socket;
    this.#query = query;
    this.#operation = `${query.describe(query.spec as never)} in ${where}`;
    encoder.reset();
    encoder.beginMessage(query.type, NLM_F_REQUEST | query.flags, nextSequence(1));
    query.encode(encoder, query.spec as never);
    encoder.endMessage();
    socket.send(encoder.bytes, encoder.position);
  }

  receive(buffer: Buffer): void {
    const length = this.#socket.receive(buffer);
    if (length < 0)
      throw new KernelError(errnoNumber('EAGAIN'), {
        operation: this.#operation,
        explanation: 'the kernel stopped answering',
        hint: '',
      });
    eachMessage(buffer, length, (message) => {
      if ((message.flags & NLM_F_DUMP_INTR) !== 0) this.interrupted = true;
      if (message.type !== NLMSG_DONE && message.type !== NLMSG_ERROR) {
        const item = this.#query.decode(message, this.#query.spec as never);
        if (item !== undefined) this.list.push(item);
        return true;
      }
      this.done = true;
      const { errno, explanation } =
        message.end - message.payload >= 4 ? readAcknowledgement(message) : { errno: 0, explanation: undefined };
      if (errno !== 0)
        throw new KernelError(errno, { operation: this.#operation, ...(explanation !== undefined && { explanation }) });
      return false;
    });
  }
}
