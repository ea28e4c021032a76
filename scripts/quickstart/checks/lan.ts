import type { Check } from './check.ts';
import { expect } from './expect.ts';

export const lan: readonly Check[] = [
  {
    name: 'pods on one node talk over a bridge domain',
    async run(theatre) {
      const { sent, received } = await theatre.pod('client').ping('10.10.1.3', { count: 3 });
      expect(received === sent, `${received} of ${sent} pings from client to files were answered`);
      return `client -> files: ${received} of ${sent} pings answered`;
    },
  },
  {
    name: 'another subnet is reached through the BVI',
    async run(theatre) {
      const db = theatre.pod('db');
      const server = await db.echo({ protocol: 'tcp', port: 5432, reply: 'db' });
      try {
        const answer = await theatre.pod('client').tcp({ to: '10.20.1.2', port: 5432, payload: 'hello' });
        expect(
          answer.connected && answer.answer?.startsWith('db'),
          `no answer from the database: ${answer.error ?? 'nothing'}`,
        );
        return 'client (10.10.1.2) -> bvi -> db (10.20.1.2): TCP connection answered';
      } finally {
        await server.close();
      }
    },
  },
  {
    name: 'pods on all nodes talk over a VXLAN mesh, without loops and duplicates',
    async run(theatre) {
      const client = theatre.pod('client');
      const seen: string[] = [];
      for (const [pod, address] of [
        ['pod2', '10.10.2.2'],
        ['pod3', '10.10.3.2'],
      ] as const) {
        const capture = await theatre
          .pod(pod)
          .capture('eth0', { direction: 'in', arp: { operation: 1, targetIp: address } });
        try {
          const answers = await client.whoHas('eth0', address, { all: true });
          expect(answers.length === 1, `${answers.length} answers to one ARP request for ${pod}`);
          const { sent, received, duplicates } = await client.ping(address, { count: 3 });
          expect(received === sent && duplicates === 0, `${pod}: ${received} of ${sent} answered, ${duplicates} twice`);
          seen.push(`${pod}: ${received} of ${sent} pings, 1 ARP answer, 0 duplicates`);
        } finally {
          await capture.close();
        }
      }
      const { sent, received } = await theatre.pod('pod2').ping('10.10.3.2', { count: 3 });
      expect(received === sent, `pod2 -> pod3: ${received} of ${sent} pings answered`);
      return seen.join('; ');
    },
  },
];
