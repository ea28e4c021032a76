import { formatPrefix, parsePrefix } from '../../../src/model/address.ts';
import { listLinks } from '../../../src/kernel/netlink/link.ts';
import { deleteRoute, listRoutes } from '../../../src/kernel/netlink/route.ts';
import { isOwnTable } from '../../../src/kernel/pipeline/index.ts';
import type { RecordAnswer } from '../../../src/cli/answers.ts';
import { until } from '../node.ts';
import type { Theatre } from '../theatre.ts';
import { deleteSomeElement } from './damage.ts';
import { expect } from './expect.ts';
import type { Check } from './check.ts';

const dbInterface = `vppConfig:
  interfaces:
    - { name: db, type: TAP }
`;

export const lifecycle: readonly Check[] = [
  {
    name: 'an interface taken away leaves exactly its dependants pending, and they heal when it returns',
    async run(theatre) {
      const node = theatre.node('node1');
      await node.delete(dbInterface, 'db away');
      const pending = (await node.unsettled()).filter(({ state }) => state === 'PENDING');
      const keys = pending.map(({ key }) => key).sort();
      const expected = [
        'config/linux/interfaces/v2/interface/db-eth0',
        'config/linux/l3/v2/route/0.0.0.0/0/db-eth0',
        'vpp/acl/from-db/interface/ingress/db',
        'vpp/acl/to-db/interface/egress/db',
      ];
      expect(JSON.stringify(keys) === JSON.stringify(expected), `pending are ${keys.join(', ')}`);
      const reason = pending.find(({ key }) => key === expected[0])?.waitingFor[0]?.label ?? 'nothing';
      await node.apply(node.configuration, 'node1.yaml');
      const left = await node.unsettled();
      expect(left.length === 0, `not healed: ${left.map(({ key, state }) => `${key} ${state}`).join(', ')}`);
      return `${keys.length} pending (db-eth0 waited for ${reason}), all healed`;
    },
  },
  {
    name: 'a route deleted by hand is detected and healed with one operation',
    run: (theatre) =>
      healed(theatre, 'config/vpp/v2/route/', async () => {
        const rtnl = theatre.driver.rtnl(vswitch(theatre));
        const routes = await rtnl.dump(listRoutes({ family: 4 }));
        const route = routes.find(
          ({ destination }) => formatPrefix(destination) === '10.30.1.12/32' && destination.length === 32,
        );
        expect(route, 'the route to web2 is not there');
        await rtnl.request(deleteRoute(route));
        return 'route 10.30.1.12/32';
      }),
  },
  {
    name: 'an nftables element deleted by hand is detected and healed with one operation',
    run: (theatre) =>
      healed(theatre, 'config/vpp/nat/v2/dnat44/shop', () =>
        deleteSomeElement(theatre.driver.nft(vswitch(theatre)), isOwnTable),
      ),
  },
  {
    name: 'an agent killed in the middle of a re-creation, the kernel changed meanwhile: it mends what differs, nothing else',
    run: (theatre) => survives(theatre),
  },
];

function vswitch(theatre: Theatre) {
  return theatre.driver.namespaces.resolve({ type: 'name', name: theatre.node('node1').vswitch });
}

/** Damages, waits for the transaction that mends it, and counts what it did. */
async function healed(theatre: Theatre, prefix: string, damage: () => Promise<string>): Promise<string> {
  const node = theatre.node('node1');
  const before = (await node.history()).at(-1)?.seqNum ?? -1;
  const what = await damage();
  const begin = performance.now();
  let operations: RecordAnswer['executed'] = [];
  await until(`${what} is healed`, async () => {
    const later = (await node.history()).filter(({ seqNum }) => seqNum > before);
    operations = later.flatMap(({ executed }) => executed).filter(({ noop }) => !noop);
    return operations.length > 0 && (await node.unsettled()).length === 0;
  });
  expect(
    operations.length === 1,
    `${operations.length} operations: ${operations.map(({ operation, key }) => `${operation} ${key}`).join(', ')}`,
  );
  expect(operations[0]?.key.startsWith(prefix), `${operations[0]?.key} was touched`);
  return `${what}: ${operations[0]?.operation} ${operations[0]?.key} after ${(performance.now() - begin).toFixed(0)} ms`;
}

async function survives(theatre: Theatre): Promise<string> {
  const node = theatre.node('node1');
  const rtnl = theatre.driver.rtnl(vswitch(theatre));
  const before = (await rtnl.dump(listLinks())).length;
  const server = await theatre.pod('files').echo({ protocol: 'udp', port: 9000 });
  const flow = await theatre.pod('client').flow({ protocol: 'udp', to: '10.10.1.3', port: 9000 });
  try {
    const yaml = node.configuration;
    const changed = yaml.replace('tap: { version: 2, hostIfName: db-eth0 }', 'tap: { version: 2, hostIfName: db-new }');
    await node.apply(changed, 'node1.yaml with another db', { acknowledge: 'persisted' });
    await node.kill();
    await rtnl.request(
      deleteRoute({ destination: parsePrefix('10.30.1.13/32')!, metric: await metricOf(theatre, '10.30.1.13/32') }),
    );
    await node.start();
    await until('everything is as wanted', async () => (await node.unsettled()).length === 0);
    const touched = (await node.history()).flatMap(({ executed }) => executed).filter(({ noop }) => !noop);
    const foreign = touched.filter(({ key }) => !/db|10\.30\.1\.13/.test(key));
    expect(
      foreign.length === 0,
      `touched without need: ${foreign.map(({ operation, key }) => `${operation} ${key}`).join(', ')}`,
    );
    const { sent, lost } = await flow.stop();
    expect(lost === 0, `a flow of other objects lost ${lost} of ${sent} packets`);
    const after = (await rtnl.dump(listLinks())).length;
    expect(after === before, `${after} devices in the vswitch, ${before} before`);
    await node.apply(yaml, 'node1.yaml');
    return `${touched.length} operations after the restart, all for db and the route deleted meanwhile; a flow next to it lost 0 of ${sent} packets`;
  } finally {
    await flow.stop(0).catch(() => undefined);
    await server.close();
  }
}

async function metricOf(theatre: Theatre, destination: string): Promise<number> {
  const routes = await theatre.driver.rtnl(vswitch(theatre)).dump(listRoutes({ family: 4 }));
  return routes.find((route) => formatPrefix(route.destination) === destination)?.metric ?? 0;
}
