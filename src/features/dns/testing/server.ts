/** For tests: `ADDRESS ANSWER` answers questions for an A record of any name with ANSWER, on port 53 of ADDRESS (RFC 1035). */

import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

const [listen, answer] = process.argv.slice(2) as [string, string];
const HEADER = 12;
const A = 1;

/** To the first question alone, whatever else is asked in the same message. */
function reply(query: Buffer): Buffer {
  let end = HEADER;
  while (query[end] !== 0) end += query[end]! + 1;
  end += 5;
  const isA = query.readUInt16BE(end - 4) === A;
  const record = Buffer.from([0xc0, HEADER, 0, A, 0, 1, 0, 0, 1, 44, 0, 4, ...answer.split('.').map(Number)]);
  const header = Buffer.from(query.subarray(0, HEADER));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(isA ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(HEADER, end), ...(isA ? [record] : [])]);
}

const socket = createSocket(isIPv6(listen) ? 'udp6' : 'udp4');
socket.on('message', (query, { port, address }) => socket.send(reply(query), port, address));
socket.bind(53, listen, () => console.log('ready'));
