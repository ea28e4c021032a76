import { Attributes, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';

/** What NLMSG_ERROR says: errno 0 is success. */
export interface Acknowledgement {
  readonly errno: number;
  readonly explanation: string | undefined;
}

const SUCCESS: Acknowledgement = { errno: 0, explanation: undefined };

/** Reads NLMSG_ERROR, and NLMSG_DONE with an error in it. */
export function readAcknowledgement(message: MessageView): Acknowledgement {
  const errno = -(read32(message.buffer, message.payload) | 0);
  if (errno === 0) return SUCCESS;
  return { errno, explanation: explanationOf(message) };
}

function explanationOf(message: MessageView): string | undefined {
  if ((message.flags & NLM_F_ACK_TLVS) === 0) return undefined;
  // struct nlmsgerr: the error, then the header of the request; with NLM_F_CAPPED not its payload.
  let start = message.payload + 4;
  if (message.type === NLMSG_ERROR) {
    const length = read32(message.buffer, start);
    start += (message.flags & NLM_F_CAPPED) !== 0 ? 16 : (length + 3) & ~3;
  }
  const attributes = new Attributes(message.buffer, start, message.end);
  while (attributes.next()) if (attributes.type === NLMSGERR_ATTR_MSG) return attributes.string();
  return undefined;
}

const NLMSG_ERROR = 2;
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;
