import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { createKernelDriver } from '../../kernel/create.ts';
import type { KernelDriver } from '../../kernel/driver.ts';
import { getLink } from '../../kernel/netlink/link.ts';
import { addChain, addTable, deleteRule, deleteTable } from '../../kernel/nftables/index.ts';
import { ACLSchema, ACL_Rule_Action as Action } from '../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { Handler } from '../../scheduler/handler.ts';
import { createScheduler } from '../../scheduler/index.ts';
import type { Change, Scheduler } from '../../scheduler/scheduler.ts';
import { createLab, type Lab } from '../../../test/lab/lab.ts';
import { ethernet, ip } from '../../../test/lab/frame.ts';
import type { Host } from '../../../test/lab/host.ts';
import { requires } from '../../../test/requires.ts';
import { kernelEngine, type KernelEngine } from '../kernel/engine.ts';
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

  async function removeLists(): Promise<void> {
    const lists = [...stand.scheduler.snapshot().statuses({ kind: 'vpp.acls.acl' })];
    await stand.commit(...lists.map(({ key }) => ({ key, value: null })));
  }

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
    const content = await nft.list(aclTable('west'));
    const rule = content?.rules.find(({ chain, key }) => chain === 'in:web' && key === 'rule 2');
    assert.ok(rule);
    const before = stand.scheduler.history().length;
    await foreignly(driver, [deleteRule(aclTable('west'), 'in:web', rule.handle)]);
    const healed = await nextOperations(stand.scheduler, before);
    assert.deepEqual(
      healed.map(({ operation, key }) => `${operation} ${key}`),
      [`UPDATE ${aclKey('web')}`],
    );
    assert.deepEqual(await stand.scheduler.check(), []);

    const jump = (await nft.list(aclTable('west')))?.rules.find(
      ({ chain, key }) => chain === 'in-west' && key === 'list rest',
    );
    assert.ok(jump);
    const again = stand.scheduler.history().length;
    await foreignly(driver, [deleteRule(aclTable('west'), 'in-west', jump.handle)]);
    const bound = await nextOperations(stand.scheduler, again);
    assert.deepEqual(
      bound.map(({ key }) => key),
      [aclInterfaceKey('rest', 'ingress', 'west')],
    );
    await foreignly(driver, [deleteTable(aclTable('west'))]);
    await waitFor(
      async () => (await nft.list(aclTable('west'))) !== undefined && (await stand.scheduler.check()).length === 0,
    );
    await removeLists();
  });

  test('a list has its chains where its interfaces are, and nowhere else', async () => {
    const nft = driver.nft(driver.vswitch);
    const places = async (): Promise<string[]> => {
      const chains = ['west', 'east'].map(async (name) => (await nft.list(aclTable(name)))?.chains ?? []);
      const [west = [], east = []] = await Promise.all(chains);
      const named = (where: string, list: readonly { name: string }[]): string[] =>
        list.filter(({ name }) => name === 'in:web').map(({ name }) => `${where} ${name}`);
      return [...named('west', west), ...named('east', east)];
    };
    assert.notEqual(aclTable('west').name, aclTable('east').name);
    await stand.commit(list('web', permitAll, { ingress: ['west', 'east'] }));
    assert.deepEqual(await places(), ['west in:web', 'east in:web']);
    await stand.commit(list('web', permitAll, { ingress: ['east'] }));
    assert.deepEqual(await places(), ['east in:web']);

    // As left behind by an agent that was killed between the two.
    await nft.apply([addTable(aclTable('west')), addChain(aclTable('west'), { name: 'in:web' })]);
    const drift = await stand.scheduler.check();
    assert.deepEqual(
      drift.map(({ key }) => key),
      [aclKey('web')],
    );
    await stand.scheduler.commit([], { resync: 'DownstreamResync' });
    assert.deepEqual(await places(), ['east in:web']);
    await removeLists();
  });

  test('lists and bindings go without a trace', async () => {
    await stand.commit(list('web', permitAll, { ingress: ['west'], egress: ['west'] }));
    await removeLists();
    const nft = driver.nft(driver.vswitch);
    const left = (await nft.tables()).filter(({ name }) => name.startsWith('ligature-acl-'));
    assert.deepEqual(left, []);
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
