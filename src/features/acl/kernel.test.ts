import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { createKernelDriver } from '../../kernel/create.ts';
import type { KernelDriver } from '../../kernel/driver.ts';
import { getLink } from '../../kernel/netlink/link.ts';
import { deleteRule, deleteTable } from '../../kernel/nftables/index.ts';
import { ACLSchema, ACL_Rule_Action as Action } from '../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { Handler } from '../../scheduler/handler.ts';
import { createScheduler } from '../../scheduler/index.ts';
import type { Change, Scheduler } from '../../scheduler/scheduler.ts';
import { createLab, type Lab } from '../../../test/lab/lab.ts';
import { ethernet, ip } from '../../../test/lab/frame.ts';
import type { Host } from '../../../test/lab/host.ts';
import { requires } from '../../../test/requires.ts';
import { kernelEngine, type KernelEngine } from '../kernel-engine.ts';
import { interfaceKey } from '../interface/model.ts';
import { kernelHandlers, watch } from './kernel.ts';
import { acl, aclInterface, aclInterfaceKey, aclKey } from './model.ts';
import { aclTable } from './kernel/program.ts';

/** A device that is there already, as the interface feature would tell of it. */
function existingInterfaces(driver: KernelDriver): Handler {
  return {
    kind: 'vpp.interfaces',
    engine: 'kernel',
    async create(_context, _key, value) {
      const { name } = value as { name: string };
      const link = await driver.rtnl(driver.vswitch).get(getLink({ name }));
      assert.ok(link, `no device ${name}`);
      return { ifindex: link.index, name, port: { ifindex: link.index, name } };
    },
    remove: () => Promise.resolve(),
    async retrieve({ expected }) {
      const found = [];
      for (const [key, { value }] of expected) {
        const { name } = value as { name: string };
        const link = await driver.rtnl(driver.vswitch).get(getLink({ name }));
        if (link) found.push({ key, value, metadata: { ifindex: link.index, name }, origin: 'ours' as const });
      }
      return found;
    },
  };
}

interface Stand {
  readonly scheduler: Scheduler;
  commit(...changes: Change[]): Promise<number>;
  close(): Promise<void>;
}

async function openStand(driver: KernelDriver): Promise<Stand> {
  const engine: KernelEngine = { driver, owner: 'test', adopt: new Set() };
  const scheduler = createScheduler({ engines: [kernelEngine] });
  scheduler.register({ name: 'vpp.interfaces', prefix: 'config/vpp/v2/interfaces/' }, existingInterfaces(driver));
  const handlers = new Map(kernelHandlers(engine).map((handler) => [handler.kind, handler]));
  for (const kind of [acl, aclInterface]) scheduler.register(kind, handlers.get(kind.name));
  const stop = new AbortController();
  await watch(engine, scheduler, stop.signal);
  return {
    scheduler,
    async commit(...changes) {
      const { failures, record } = await scheduler.commit(changes);
      assert.deepEqual(
        failures.map(({ key, error }) => `${key}: ${error.message}`),
        [],
      );
      return record.executed.filter((operation) => !operation.noop).length;
    },
    async close() {
      stop.abort();
      await scheduler.close();
    },
  };
}

function list(
  name: string,
  rules: MessageInitShape<typeof ACLSchema>['rules'],
  on: { ingress?: string[]; egress?: string[] },
): Change {
  return { key: aclKey(name), value: create(ACLSchema, { name, rules: rules ?? [], interfaces: on }) };
}

function tcpRule(action: Action, port: number, source = '0.0.0.0/0') {
  return {
    action,
    ipRule: {
      ip: { sourceNetwork: source, destinationNetwork: source.includes(':') ? '::/0' : '0.0.0.0/0' },
      tcp: {
        destinationPortRange: { lowerPort: port, upperPort: port },
        sourcePortRange: { lowerPort: 0, upperPort: 65535 },
      },
    },
  };
}

const denyAll = [
  { action: Action.DENY, ipRule: { ip: { sourceNetwork: '0.0.0.0/0', destinationNetwork: '0.0.0.0/0' } } },
  { action: Action.DENY, ipRule: { ip: { sourceNetwork: '::/0', destinationNetwork: '::/0' } } },
];
const permitAll = denyAll.map((rule) => ({ ...rule, action: Action.PERMIT }));

describe('access lists in the kernel', { skip: requires({ netns: true }) }, () => {
  let lab: Lab;
  let left: Host;
  let right: Host;
  let router: Host;
  let driver: KernelDriver;
  let stand: Stand;

  before(async () => {
    lab = await createLab();
    const [a, between, b] = await lab.hosts('a', 'router', 'b');
    [left, router, right] = [a, between, b];
    await lab.link(a, 'eth0', router, 'west');
    await lab.link(b, 'eth0', router, 'east');
    await a.address('eth0', '10.1.0.2/24', 'fd01::2/64');
    await b.address('eth0', '10.2.0.2/24', 'fd02::2/64');
    await router.address('west', '10.1.0.1/24', 'fd01::1/64');
    await router.address('east', '10.2.0.1/24', 'fd02::1/64');
    await router.sysctl('net.ipv4.ip_forward', '1');
    await router.sysctl('net.ipv6.conf.all.forwarding', '1');
    for (const [host, gateways] of [
      [a, ['10.1.0.1', 'fd01::1']],
      [b, ['10.2.0.1', 'fd02::1']],
    ] as const) {
      await host.route('default', { via: gateways[0] });
      await host.route('::/0', { via: gateways[1] });
    }
    driver = await createKernelDriver({ namespace: lab.publish(router) });
    stand = await openStand(driver);
    await stand.commit(
      { key: interfaceKey('west'), value: { name: 'west' } },
      { key: interfaceKey('east'), value: { name: 'east' } },
    );
  });

  after(async () => {
    await stand.close();
    await driver.close();
    await lab.close();
  });

  async function reaches(from: Host, to: string, port: number): Promise<boolean> {
    return (await from.tcp({ to, port, timeout: 600 })).connected;
  }

  async function removeLists(): Promise<void> {
    const lists = [...stand.scheduler.snapshot().statuses({ kind: 'vpp.acls.acl' })];
    await stand.commit(...lists.map(({ key }) => ({ key, value: null })));
  }

  test('permits what a rule permits, denies the rest, IPv6 too, and lets ARP pass', async () => {
    await using _server = await server(right, 80);
    await using _other = await server(right, 81);
    await stand.commit(list('web', [tcpRule(Action.PERMIT, 80)], { ingress: ['west'] }));
    assert.equal(await reaches(left, '10.2.0.2', 80), true);
    assert.equal(await reaches(left, '10.2.0.2', 81), false);
    assert.equal(await reaches(left, 'fd02::2', 80), false, 'a list for IPv4 denies IPv6 at its end');
    assert.ok((await left.whoHas('eth0', '10.1.0.1', {})).length > 0, 'ARP passes');
    assert.equal(
      (await left.ping('10.1.0.1', { count: 1, timeout: 400 })).received,
      0,
      'local traffic is filtered, too',
    );
    await removeLists();
    // The neighbour that was not to be found is asked for again after a while.
    await waitFor(() => reaches(left, 'fd02::2', 81));
  });

  test('the first rule that matches decides, over several lists in the order of their names', async () => {
    await using _server = await server(right, 80);
    await stand.commit(
      list('b-permit', permitAll, { ingress: ['west'] }),
      list('c-deny', denyAll, { ingress: ['west'] }),
    );
    assert.equal(await reaches(left, '10.2.0.2', 80), true);
    await stand.commit(list('a-deny', [tcpRule(Action.DENY, 80)], { ingress: ['west'] }));
    assert.equal(await reaches(left, '10.2.0.2', 80), false);
    await removeLists();
  });

  test('a reflected flow gets its replies through a deny, on its own interface only', async () => {
    await using _v4 = await server(right, 80);
    await stand.commit(
      list('out', [tcpRule(Action.REFLECT, 80), tcpRule(Action.REFLECT, 80, '::/0')], { egress: ['east'] }),
      list('nothing-back', denyAll, { ingress: ['east'] }),
    );
    assert.equal(await reaches(left, '10.2.0.2', 80), true);
    assert.equal(await reaches(left, 'fd02::2', 80), true);
    await using _left = await server(left, 90);
    assert.equal(await reaches(right, '10.1.0.2', 90), false, 'nothing of its own comes back');
    await stand.commit(list('guard', denyAll, { egress: ['west'] }));
    assert.equal(await reaches(left, '10.2.0.2', 80), false, "the other interface's deny drops the reply");
    await removeLists();
  });

  test('ICMP echo is reflected, too', async () => {
    const echo = {
      action: Action.REFLECT,
      ipRule: {
        ip: { sourceNetwork: '0.0.0.0/0', destinationNetwork: '0.0.0.0/0' },
        icmp: { icmpTypeRange: { first: 8, last: 8 }, icmpCodeRange: { first: 0, last: 255 } },
      },
    };
    await stand.commit(list('ping-out', [echo], { ingress: ['west'] }), list('no-in', denyAll, { egress: ['west'] }));
    assert.equal((await left.ping('10.2.0.2', { count: 2 })).received, 2);
    assert.equal((await right.ping('10.1.0.2', { count: 1, timeout: 400 })).received, 0);
    await removeLists();
  });

  test('protocols without ports are reflected, too: the same protocol between the same hosts', async () => {
    const any = { ipRule: { ip: { sourceNetwork: '0.0.0.0/0', destinationNetwork: '0.0.0.0/0' } } };
    await stand.commit(
      list('out', [{ action: Action.REFLECT, ...any }], { ingress: ['west'] }),
      list('no-in', [{ action: Action.DENY, ...any }], { egress: ['west'] }),
    );
    const [toRight, toLeft] = await Promise.all([mac(router, 'west'), mac(router, 'east')]);
    const heard = await left.capture('eth0', { direction: 'in' });
    const passed = await right.capture('eth0', { direction: 'in' });
    const call = (protocol: number) => bare('10.1.0.2', '10.2.0.2', protocol, toRight);
    const answer = (protocol: number) => bare('10.2.0.2', '10.1.0.2', protocol, toLeft);
    await left.send('eth0', call(47));
    await passed.wait({ ip: { protocol: 47 } });
    // What comes last shows that all before it had its turn.
    await right.send('eth0', answer(132), answer(47));
    await heard.wait({ ip: { protocol: 47 } });
    assert.deepEqual(await heard.frames({ ip: { protocol: 132 } }), []);
    await Promise.all([heard.close(), passed.close()]);
    await removeLists();
  });

  test('new rules take the place of old ones without a hole, and sessions stay', async () => {
    await using _server = await server(right, 80);
    await stand.commit(
      list('web', [tcpRule(Action.REFLECT, 80)], { ingress: ['west'] }),
      list('back', denyAll, { egress: ['west'] }),
    );
    const flow = await left.flow({ protocol: 'tcp', to: '10.2.0.2', port: 80 });
    const operations = await stand.commit(
      list('web', [tcpRule(Action.REFLECT, 443), tcpRule(Action.DENY, 80)], { ingress: ['west'] }),
    );
    assert.equal(operations, 1);
    const seen = (await flow.report()).received;
    while ((await flow.report()).received < seen + 20) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal((await flow.stop()).lost, 0);
    assert.equal(await reaches(left, '10.2.0.2', 80), false, 'new connections meet the new rules');
    await removeLists();
  });

  test('a MACIP list binds addresses to a MAC, in IP and in ARP', async () => {
    const mac = (await left.link('eth0'))?.mac;
    assert.ok(mac);
    const permit = (source: string, prefix: number, hardware: string) => ({
      action: Action.PERMIT,
      macipRule: {
        sourceAddress: source,
        sourceAddressPrefix: prefix,
        sourceMacAddress: hardware,
        sourceMacAddressMask: 'ff:ff:ff:ff:ff:ff',
      },
    });
    await stand.commit(list('mine', [permit('10.1.0.2', 32, mac)], { ingress: ['west'] }));
    assert.equal((await left.ping('10.2.0.2', { count: 2 })).received, 2);
    await stand.commit(list('mine', [permit('10.1.0.2', 32, '02:00:00:00:00:99')], { ingress: ['west'] }));
    assert.equal((await left.ping('10.2.0.2', { count: 1, timeout: 400 })).received, 0);
    assert.equal(
      (await left.whoHas('eth0', '10.1.0.1', { timeout: 400 })).length,
      0,
      'ARP of a foreign MAC is dropped',
    );
    await removeLists();
  });

  test('a restart does nothing; damage by hand is told, and healed by one operation', async () => {
    const lists = [
      list('web', [tcpRule(Action.PERMIT, 80), tcpRule(Action.REFLECT, 81)], {
        ingress: ['west', 'east'],
        egress: ['east'],
      }),
      list('rest', denyAll, { ingress: ['west'] }),
    ];
    await stand.commit(...lists);
    const restarted = await openStand(driver);
    const interfaces = ['west', 'east'].map((name) => ({ key: interfaceKey(name), value: { name } }));
    const { record } = await restarted.scheduler.commit([...interfaces, ...lists], { resync: 'FullResync' });
    assert.deepEqual(
      record.executed.filter(({ noop }) => !noop).map(({ key }) => key),
      [],
    );
    await restarted.close();

    const nft = driver.nft(driver.vswitch);
    const content = await nft.list(aclTable);
    const rule = content?.rules.find(({ chain, key }) => chain === 'in:web' && key === 'rule 2');
    assert.ok(rule);
    const before = stand.scheduler.history().length;
    await foreignly(driver, [deleteRule(aclTable, 'in:web', rule.handle)]);
    const healed = await nextOperations(stand.scheduler, before);
    assert.deepEqual(
      healed.map(({ operation, key }) => `${operation} ${key}`),
      [`UPDATE ${aclKey('web')}`],
    );
    assert.deepEqual(await stand.scheduler.check(), []);

    const jump = (await nft.list(aclTable))?.rules.find(({ chain, key }) => chain === 'in-west' && key === 'list rest');
    assert.ok(jump);
    const again = stand.scheduler.history().length;
    await foreignly(driver, [deleteRule(aclTable, 'in-west', jump.handle)]);
    const bound = await nextOperations(stand.scheduler, again);
    assert.deepEqual(
      bound.map(({ key }) => key),
      [aclInterfaceKey('rest', 'ingress', 'west')],
    );
    await foreignly(driver, [deleteTable(aclTable)]);
    await waitFor(async () => (await nft.list(aclTable)) !== undefined && (await stand.scheduler.check()).length === 0);
    await removeLists();
  });

  test('lists and bindings go without a trace', async () => {
    await stand.commit(list('web', permitAll, { ingress: ['west'], egress: ['west'] }));
    await removeLists();
    const names = (await driver.nft(driver.vswitch).list(aclTable))?.chains.map(({ name }) => name) ?? [];
    assert.deepEqual(
      names.filter((name) => !/^(sessions|reflect)-/.test(name)),
      [],
    );
  });
});

async function mac(host: Host, device: string): Promise<string> {
  return (await host.link(device))!.mac;
}

/** A packet of a protocol of which nothing is known but its number. */
function bare(source: string, destination: string, protocol: number, to: string): Buffer {
  const packet = ip({ source, destination, protocol }, Buffer.from('bare'));
  return ethernet({ destination: to, source: '02:00:00:00:00:01', etherType: 0x0800 }, packet);
}

async function server(host: Host, port: number): Promise<AsyncDisposable> {
  const echo = await host.echo({ protocol: 'tcp', port });
  return { [Symbol.asyncDispose]: () => echo.close() };
}

/** Applies operations as another program would: by a driver of its own. */
async function foreignly(
  driver: KernelDriver,
  operations: Parameters<ReturnType<KernelDriver['nft']>['apply']>[0],
): Promise<void> {
  const other = await createKernelDriver();
  try {
    await other.nft(other.namespaces.resolve({ type: 'path', path: driver.vswitch.path })).apply(operations);
  } finally {
    await other.close();
  }
}

async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 5000;
  while (!(await holds())) {
    assert.ok(performance.now() < end, 'waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function nextOperations(scheduler: Scheduler, before: number) {
  const done = () =>
    scheduler
      .history()
      .slice(before)
      .flatMap(({ executed }) => executed.filter(({ noop }) => !noop));
  await waitFor(() => Promise.resolve(done().length > 0));
  await scheduler.idle();
  return done();
}
