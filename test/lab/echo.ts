/** UDP and TCP servers that answer what they get, or with the name of their host, and count who asked. */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, isIPv6, type AddressInfo, type Server, type Socket } from 'node:net';
import { isFlowMessage } from './flow-message.ts';

export interface EchoOptions {
  readonly protocol: 'udp' | 'tcp';
  /** Default: one the kernel picks. */
  readonly port?: number;
  /** Default: every address, IPv4 and IPv6. */
  readonly address?: string;
  /** Answer with this text in place of what came, e.g. the name of a backend. TCP: as the first bytes, then echo. */
  readonly reply?: string;
}

export interface EchoReport {
  /** Datagrams, or TCP connections accepted. */
  readonly received: number;
  /** How many from each address, and from each `address port`. */
  readonly peers: Readonly<Record<string, number>>;
  readonly ports: Readonly<Record<string, number>>;
  /** TCP connections open now. */
  readonly open: number;
}

export interface Echo {
  readonly port: number;
  report(): EchoReport;
  close(): void;
}

class Tally {
  readonly peers: Record<string, number> = {};
  readonly ports: Record<string, number> = {};
  received = 0;

  add(address: string | undefined, port: number | undefined): void {
    const peer = plain(address ?? '');
    this.received += 1;
    this.peers[peer] = (this.peers[peer] ?? 0) + 1;
    const full = `${peer} ${port}`;
    this.ports[full] = (this.ports[full] ?? 0) + 1;
  }

  report(open: number): EchoReport {
    return { received: this.received, peers: { ...this.peers }, ports: { ...this.ports }, open };
  }
}

/** `::ffff:10.0.0.1` is IPv4 on a socket for both families. */
export function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
}

export function openEcho(options: EchoOptions): Promise<Echo> {
  return options.protocol === 'udp' ? openUdp(options) : openTcp(options);
}

async function openUdp({ port = 0, address = '::', reply }: EchoOptions): Promise<Echo> {
  const tally = new Tally();
  const socket: DatagramSocket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, address, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  // Nobody there any more, or no way back: the asker's loss.
  socket.on('error', () => {});
  socket.on('message', (data, peer) => {
    tally.add(peer.address, peer.port);
    socket.send(answerTo(data, reply), peer.port, peer.address, () => {});
  });
  return { port: socket.address().port, report: () => tally.report(0), close: () => void socket.close() };
}

/** A flow's message comes back with the name behind it, so that the flow knows both its number and who answered. */
function answerTo(data: Buffer, reply: string | undefined): Buffer {
  if (reply === undefined) return data;
  return isFlowMessage(data) ? Buffer.concat([data, Buffer.from(reply)]) : Buffer.from(reply);
}

async function openTcp({ port = 0, address = '::', reply }: EchoOptions): Promise<Echo> {
  const tally = new Tally();
  const open = new Set<Socket>();
  const server: Server = createServer({ noDelay: true, allowHalfOpen: false }, (socket) => {
    tally.add(socket.remoteAddress, socket.remotePort);
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    if (reply !== undefined) socket.write(`${reply}\n`);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: address }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    report: () => tally.report(open.size),
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
