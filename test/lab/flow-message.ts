/** What a flow sends: a number, then a mark that tells it from other traffic. */
export const flowMessageSize = 12;
const mark = Buffer.from('lab-flow');

export function flowMessage(sequence: number): Buffer {
  const message = Buffer.alloc(flowMessageSize);
  message.writeUInt32BE(sequence, 0);
  mark.copy(message, 4);
  return message;
}

export function isFlowMessage(data: Buffer): boolean {
  return data.length === flowMessageSize && data.subarray(4).equals(mark);
}
