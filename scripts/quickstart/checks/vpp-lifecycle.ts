/** What `lifecycle.ts` proves on the kernel, on VPP: VPP tells nobody of what is changed by hand, so it is asked to compare. */

import { connectVpp, type VppClient } from '../../../src/vpp/index.ts';
import type { RecordAnswer } from '../../../src/cli/answers.ts';
import { until } from '../node.ts';
import type { Node } from '../node.ts';
import type { Theatre } from '../theatre.ts';
import { expect } from './expect.ts';
import type { Check } from './check.ts';

const dbInterface = `vppConfig:
  interfaces:
    - { name: db, type: AF_PACKET }
`;

/** With node 1 on VPP. */
export const vppLifecycle: readonly Check[] = [
  {
    name: 'an interface taken away leaves exactly its dependants pending, and they heal when it returns',
    async run(theatre) {
      const node = theatre.node('node1');
      await node.delete(dbInterface, 'db away');
      const pending = (await node.unsettled()).filter(({ state }) => state === 'PENDING');
      const keys = pending.map(({ key }) => key).sort();
      const expected = ['vpp/acl/from-db/interface/ingress/db', 'vpp/acl/to-db/interface/egress/db'];
      expect(JSON.stringify(keys) === JSON.stringify(expected), `pending are ${keys.join(', ')}`);
      await node.apply(node.configuration, 'node1.yaml');
      const left = await node.unsettled();
      expect(left.length === 0, `not healed: ${left.map(({ key, state }) => `${key} ${state}`).join(', ')}`);
      return `${keys.length} pending, all healed`;
    },
  },
  {
    name: 'a route deleted by hand is found and healed with one operation',
    run: (theatre) => healed(theatre, 'config/vpp/v2/route/', (vpp) => deleteRoute(vpp, '10.30.1.12/32')),
  },
  {
    name: 'a backend deleted by hand is found and healed with one operation',
    run: (theatre) => healed(theatre, 'config/vpp/nat/v2/dnat44/shop', deleteBackend),
  },
  {
    name: 'an agent killed in the middle of a re-creation, VPP changed meanwhile: it mends what differs, nothing else',
    run: survives,
  },
];

/** With any node on a VPP of its own. */
export const vppRestart: readonly Check[] = [
  {
    name: 'a VPP that is killed comes back whole by itself',
    async run(theatre) {
      const node = theatre.nodes.find(({ engine, isGuest }) => engine === 'vpp' && !isGuest)!;
      const pid = await node.vppPid();
      const begin = performance.now();
      process.kill(pid, 'SIGKILL');
      await until(`${node.name} has another VPP that is as wanted`, async () => {
        const now = await node.vppPid().catch(() => pid);
        return now !== pid && (await node.isReady()) && (await node.unsettled()).length === 0;
      });
      const took = performance.now() - begin;
      // Node 1 has the pod of its LAN, the others one each.
      const [pod, address] = node.name === 'node1' ? ['client', '10.10.1.3'] : ['pod2', '10.10.3.2'];
      await until(`${pod} reaches ${address}`, async () => (await theatre.pod(pod!).ping(address!, {})).received === 1);
      return `${node.name}: whole again after ${took.toFixed(0)} ms, its pods talk`;
    },
  },
];

async function onVpp<T>(node: Node, work: (vpp: VppClient) => Promise<T>): Promise<T> {
  const vpp = await connectVpp({ path: node.vppSocket, name: 'quickstart' });
  try {
    return await work(vpp);
  } finally {
    await vpp.close();
  }
}

async function deleteRoute(vpp: VppClient, prefix: string): Promise<string> {
  const routes = await vpp.list('ip_route_dump', {});
  const found = routes.find(({ route }) => route.prefix === prefix);
  expect(found, `the route ${prefix} is not there`);
  await vpp.request('ip_route_add_del', { is_add: false, route: found.route });
  return `route ${prefix}`;
}

async function deleteBackend(vpp: VppClient): Promise<string> {
  const [mapping] = await vpp.list('nat44_lb_static_mapping_dump', {});
  const local = mapping?.locals[0];
  expect(mapping && local, 'no service has a backend');
  const { external_addr, external_port, protocol } = mapping;
  await vpp.request('nat44_lb_static_mapping_add_del_local', {
    is_add: false,
    external_addr,
    external_port,
    protocol,
    local,
  });
  return `backend ${local.addr} of ${external_addr}`;
}

/** Damages, has the node compare, and counts what it did. */
async function healed(theatre: Theatre, prefix: string, damage: (vpp: VppClient) => Promise<string>): Promise<string> {
  const node = theatre.node('node1');
  const before = (await node.history()).at(-1)?.seqNum ?? -1;
  const what = await onVpp(node, damage);
  const begin = performance.now();
  await node.resync();
  const later = (await node.history()).filter(({ seqNum }) => seqNum > before);
  const operations: RecordAnswer['executed'] = later.flatMap(({ executed }) => executed).filter(({ noop }) => !noop);
  const list = operations.map(({ operation, key }) => `${operation} ${key}`).join(', ');
  expect(operations.length === 1, `${operations.length} operations: ${list}`);
  expect(operations[0]?.key.startsWith(prefix), `${operations[0]?.key} was touched`);
  return `${what}: ${list} in ${(performance.now() - begin).toFixed(0)} ms`;
}

async function survives(theatre: Theatre): Promise<string> {
  const node = theatre.node('node1');
  const count = () => onVpp(node, async (vpp) => (await vpp.list('sw_interface_dump')).length);
  const before = await count();
  const server = await theatre.pod('files').echo({ protocol: 'udp', port: 9000 });
  const flow = await theatre.pod('client').flow({ protocol: 'udp', to: '10.10.1.3', port: 9000 });
  try {
    const yaml = node.configuration;
    const changed = yaml.replace('- name: db\n', '- name: db\n      physAddress: "02:fe:0a:14:01:01"\n');
    expect(changed !== yaml, 'the configuration has no db');
    await node.apply(changed, 'node1.yaml with another db', { acknowledge: 'persisted' });
    await node.kill();
    await onVpp(node, (vpp) => deleteRoute(vpp, '10.30.1.13/32'));
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
    const after = await count();
    expect(after === before, `${after} interfaces in VPP, ${before} before`);
    await node.apply(yaml, 'node1.yaml');
    return `${touched.length} operations after the restart, all for db and the route deleted meanwhile; a flow next to it lost 0 of ${sent} packets`;
  } finally {
    await flow.stop(0).catch(() => undefined);
    await server.close();
  }
}
