import { expect } from './expect.ts';
import type { Check } from './check.ts';

export const accessLists: readonly Check[] = [
  {
    name: 'an access list lets one flow through, and its replies',
    async run(theatre) {
      const server = await theatre.pod('db').echo({ protocol: 'tcp', port: 5432, reply: 'db' });
      try {
        const { connected, answer, error } = await theatre.pod('client').tcp({ to: '10.20.1.2', port: 5432 });
        expect(connected && answer.startsWith('db'), `port 5432: ${error ?? 'no answer'}`);
        return 'client -> db:5432 answered, although nothing of its own may leave the database';
      } finally {
        await server.close();
      }
    },
  },
  {
    name: 'it blocks another port, and connections from the database',
    async run(theatre) {
      const [db, client] = [theatre.pod('db'), theatre.pod('client')];
      const closed = await db.echo({ protocol: 'tcp', port: 5433 });
      const other = await client.echo({ protocol: 'tcp', port: 7000 });
      try {
        const inward = await client.tcp({ to: '10.20.1.2', port: 5433, timeout: 700 });
        expect(!inward.connected, 'port 5433 of the database answered');
        const outward = await db.tcp({ to: '10.10.1.2', port: 7000, timeout: 700 });
        expect(!outward.connected, 'the database reached the client');
        const { received } = closed.report === undefined ? { received: 0 } : await closed.report();
        expect(received === 0, `${received} messages came through to port 5433`);
        return 'client -> db:5433 and db -> client:7000 time out; nothing arrived';
      } finally {
        await Promise.all([closed.close(), other.close()]);
      }
    },
  },
  {
    name: "another interface's deny still drops the reply",
    async run(theatre) {
      const [db, files] = [theatre.pod('db'), theatre.pod('files')];
      const server = await db.echo({ protocol: 'tcp', port: 5432, reply: 'db' });
      const arrived = await db.capture('eth0', {
        direction: 'in',
        ip: { source: '10.10.1.3' },
        tcp: { destination: 5432 },
      });
      try {
        const { connected } = await files.tcp({ to: '10.20.1.2', port: 5432, timeout: 700 });
        expect(!connected, 'files reached the database although its own interface denies what comes from there');
        const asked = (await arrived.frames()).length;
        expect(asked > 0, 'the request of files did not reach the database');
        return `${asked} requests of files reached the database, its replies end at the list on files' own interface`;
      } finally {
        await Promise.all([arrived.close(), server.close()]);
      }
    },
  },
];
