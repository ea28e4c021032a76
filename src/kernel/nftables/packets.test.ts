/** The constructs that NAT44 and ACL stand on, with packets: what the kernel accepts is not always what it does. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLab, type Lab } from '../../../test/lab/lab.ts';
import type { Host } from '../../../test/lab/host.ts';
import { requires } from '../../../test/requires.ts';
import { conntrack } from '../conntrack/index.ts';
import { stages } from '../pipeline/index.ts';
import * as n from './index.ts';
import { namespaceOf } from './testing.ts';

const skip = requires({ netns: true });
const { types: t } = n;

interface Router extends AsyncDisposable {
  readonly lab: Lab;
  readonly router: Host;
  readonly client: Host;
  readonly server: Host;
  readonly nft: n.Nftables;
}

/** ms to wait for what has to come, on a busy machine, and for what must not. */
const patience = 10_000;
const refusal = 300;

/** client 10.1.0.2, fd01::2 - eth0 | c0 router s0 | eth0 - server 10.2.0.2-4, fd02::2. The client's default route is the router. */
async function openRouter(): Promise<Router> {
  const lab = await createLab();
  const [client, router, server] = await lab.hosts('client', 'router', 'server');
  await lab.link(client, 'eth0', router, 'c0');
  await lab.link(server, 'eth0', router, 's0');
  await router.address('c0', '10.1.0.1/24', 'fd01::1/64');
  await router.address('s0', '10.2.0.1/24', 'fd02::1/64');
  await client.address('eth0', '10.1.0.2/24', 'fd01::2/64');
  await server.address('eth0', '10.2.0.2/24', '10.2.0.3/24', '10.2.0.4/24', 'fd02::2/64');
  for (const [host, number] of [
    [client, 1],
    [server, 2],
  ] as const) {
    await host.route('default', { via: `10.${number}.0.1` });
    await host.route('::/0', { via: `fd0${number}::1` });
  }
  await router.sysctl('net.ipv4.ip_forward', 1);
  // Packets that leave by the device they came in by are translated ones here, not a host that should know better.
  for (const device of ['all', 'c0', 's0']) await router.sysctl(`net.ipv4.conf.${device}.send_redirects`, 0);
  await router.sysctl('net.ipv6.conf.all.forwarding', 1);
  const driver = n.createNftablesDriver();
  const nft = driver.nft(namespaceOf(router));
  const dispose = async (): Promise<void> => {
    driver.close();
    await lab.close();
  };
  return { lab, router, client, server, nft, [Symbol.asyncDispose]: dispose };
}

/** Until duplicate address detection lets the router's link-local addresses speak. */
async function reachable(from: Host, to: string): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt += 1)
    if ((await from.ping(to, { count: 1, timeout: 500 })).received === 1) return;
  assert.fail(`${to} does not answer`);
}

const nat = { family: 'ip', name: 'ligature-nat44' } as const;
const service: n.NftSet = { name: 'service', key: [t.ipv4_addr, t.inet_proto, t.inet_service], data: 'verdict' };
const backends: n.NftSet = {
  name: 'backends',
  key: [t.ipv4_addr, t.inet_proto, t.inet_service, t.mark],
  data: [t.ipv4_addr, t.inet_service],
};
const affinity: n.NftSet = {
  name: 'affinity',
  key: [t.ipv4_addr, t.ipv4_addr, t.inet_proto, t.inet_service],
  data: [t.mark],
  dynamic: true,
  timeout: 60_000,
};
const selfTwice: n.NftSet = { name: 'self-twice', key: [t.ipv4_addr, t.ipv4_addr] };
const destination = [n.ip.daddr, n.meta.l4proto, n.th.dport] as const;
const client = n.concat(n.ip.saddr, ...destination);
const toBackend = (slot: n.Source): n.Statement => n.dnat({ address: n.concat(...destination, slot).lookup(backends) });
const prerouting = { type: 'nat', hook: 'prerouting', priority: stages.destinationNat.priority } as const;
const postrouting = { type: 'nat', hook: 'postrouting', priority: stages.sourceNat.priority } as const;

/** 10.96.0.1:80 to the servers' ports 8002, 8003, 8004, by slots. */
function balancer(slots: readonly number[], pick: readonly n.Rule[]): n.TableContent {
  const elements = slots.map((server, slot) => ({
    key: ['10.96.0.1', 'udp', 80, slot],
    data: [`10.2.0.${server}`, 8000 + server],
  }));
  return {
    table: nat,
    sets: [
      { ...service, elements: [{ key: ['10.96.0.1', 'udp', 80], data: { verdict: 'goto', chain: 'pick' } }] },
      { ...backends, elements },
      affinity,
      { ...selfTwice, elements: [{ key: ['10.1.0.2', '10.1.0.2'] }] },
    ],
    chains: [
      { name: 'pick', rules: pick },
      {
        name: 'hit',
        rules: [
          { key: 'remember', statements: [n.dynamic('update', affinity, client, { data: n.meta.mark })] },
          { key: 'to', statements: [toBackend(n.meta.mark)] },
        ],
      },
      {
        name: 'pre',
        base: prerouting,
        rules: [{ key: 'service', statements: [n.concat(...destination).verdictFrom(service)] }],
      },
      {
        name: 'post',
        base: postrouting,
        rules: [
          {
            key: 'self',
            statements: [
              n.ct.status.hasAny('dnat'),
              n.concat(n.ip.saddr, n.ip.daddr).in(selfTwice),
              n.snat({ address: n.ct.original.daddr }),
            ],
          },
        ],
      },
    ],
  };
}

async function answerOn(server: Host, ...servers: readonly number[]): Promise<void> {
  for (const one of servers)
    await server.echo({ protocol: 'udp', address: `10.2.0.${one}`, port: 8000 + one, reply: `b${one}` });
}

test('numgen inc in a register shares connections exactly by weight', { skip }, async () => {
  await using opened = await openRouter();
  const { client: c, server, nft } = opened;
  await answerOn(server, 2, 3, 4);
  const slots = [2, 2, 2, 2, 2, 2, 2, 3, 3, 4];
  await nft.reconcile(balancer(slots, [{ key: 'pick', statements: [toBackend(n.numgen.inc(slots.length))] }]));
  const { answers } = await c.udp({ to: '10.96.0.1', port: 80, count: 200, newPorts: true, timeout: patience });
  assert.deepEqual(answers, { b2: 140, b3: 40, b4: 20 });
});

test('affinity keeps a client at its backend when backends are added', { skip }, async () => {
  await using opened = await openRouter();
  const { client: c, server, nft } = opened;
  await answerOn(server, 2, 3, 4);
  const pick: n.Rule[] = [
    { key: 'known', statements: [n.setMark(client.lookup(affinity)), n.goto('hit')] },
    { key: 'draw', statements: [n.setMark(n.numgen.random(2)), n.goto('hit')] },
  ];
  await nft.reconcile(balancer([2, 3], pick));
  const first = (await c.udp({ to: '10.96.0.1', port: 80, count: 20, newPorts: true, timeout: patience })).answers;
  const [chosen, ...others] = Object.keys(first);
  assert.equal(others.length, 0, `one backend for all connections: ${JSON.stringify(first)}`);
  const more = [pick[0]!, { key: 'draw', statements: [n.setMark(n.numgen.random(3)), n.goto('hit')] }];
  assert.deepEqual(
    (await nft.reconcile(balancer([2, 3, 4], more))).map(({ name, what }) => `${name} ${what}`),
    ['backends missing', 'draw changed'],
  );
  const second = (await c.udp({ to: '10.96.0.1', port: 80, count: 20, newPorts: true, timeout: patience })).answers;
  assert.deepEqual(second, { [chosen!]: 20 });
  const [entry] = await nft.elements(nat, affinity);
  assert.deepEqual(entry?.key, ['10.1.0.2', '10.96.0.1', 17, 80]);
  assert.ok(entry.expires! > 50_000 && entry.expires! <= 60_000);
});

test('a backend reaches itself through the service address', { skip }, async () => {
  await using opened = await openRouter();
  const { client: c, nft } = opened;
  await c.echo({ protocol: 'udp', port: 9000, reply: 'self' });
  const content = balancer([], [{ key: 'pick', statements: [toBackend(n.numgen.inc(1))] }]);
  const elements = [{ key: ['10.96.0.1', 'udp', 80, 0], data: ['10.1.0.2', 9000] }];
  await nft.reconcile({
    ...content,
    sets: content.sets.map((set) => (set.name === 'backends' ? { ...set, elements } : set)),
  });
  const { answers } = await c.udp({ to: '10.96.0.1', port: 80, count: 5, newPorts: true, timeout: patience });
  assert.deepEqual(answers, { self: 5 });
});

test('a pool map by connection mark, and ending the flows of one backend alone', { skip }, async () => {
  await using opened = await openRouter();
  const { router, client: c, server, nft } = opened;
  await answerOn(server, 2, 3);
  const pool: n.DesiredSet = {
    name: 'pool',
    key: [t.mark],
    data: [t.ipv4_addr],
    dataInterval: true,
    elements: [{ key: [7], data: ['10.2.0.100', '10.2.0.103'] }],
  };
  const content = balancer(
    [2, 3],
    [{ key: 'pick', statements: [n.setConnectionMark(n.constant(t.mark, 7)), toBackend(n.numgen.inc(2))] }],
  );
  const out: n.Rule = {
    key: 'out',
    statements: [n.meta.oifname.eq('s0'), n.snat({ address: n.ct.mark.lookup(pool) })],
  };
  const chains = content.chains.map((chain) => (chain.name === 'post' ? { ...chain, rules: [out] } : chain));
  await nft.reconcile({ ...content, sets: [...content.sets, pool], chains });
  for (const last of [100, 101, 102, 103]) await router.address('s0', `10.2.0.${last}/32`);
  const seen = await server.capture('eth0', { direction: 'in', udp: {} });
  const flows = await Promise.all(
    [1, 2].map(() => c.flow({ protocol: 'udp', to: '10.96.0.1', port: 80, interval: 5 })),
  );
  const sources = new Set((await seen.frames()).map((frame) => frame.ip?.source));
  assert.ok(
    [...sources].every((source) => /^10\.2\.0\.10[0-3]$/.test(source ?? '')),
    [...sources].join(),
  );
  const tracked = conntrack(namespaceOf(router));
  const all = await tracked.list({ family: 4, status: 32 });
  assert.equal(all.length, 2);
  assert.deepEqual(
    new Set(all.map(({ reply, mark }) => `${reply.source}:${reply.sourcePort} ${mark}`)),
    new Set(['10.2.0.2:8002 7', '10.2.0.3:8003 7']),
  );
  assert.equal(await tracked.end({ reply: { source: '10.2.0.3', protocol: 17, sourcePort: 8003 } }), 1);
  const left = await tracked.list({ status: 32, reply: { source: '10.2.0.3' } });
  // The flow's next packet is a new connection: it may go to either backend, but it is not the old one.
  assert.ok(left.every(({ id }) => all.every((flow) => flow.id !== id)));
  assert.equal(
    (await tracked.list({ reply: { source: '10.2.0.2', protocol: 17 } })).some(({ id }) =>
      all.some((flow) => flow.id === id),
    ),
    true,
  );
  for (const flow of flows) await flow.stop();
});

const acl = { family: 'netdev', name: 'ligature-acl' } as const;
const input = (device: string): n.BaseChain => ({
  type: 'filter',
  hook: 'ingress',
  priority: stages.inputAcl.priority,
  devices: [device],
});
const output = (device: string): n.BaseChain => ({
  type: 'filter',
  hook: 'egress',
  priority: stages.outputAcl.priority,
  devices: [device],
});

test('input ACL sees addresses before NAT, output ACL after it', { skip }, async () => {
  await using opened = await openRouter();
  const { client: c, server, nft } = opened;
  await server.echo({ protocol: 'udp', address: '10.2.0.2', port: 8002, reply: 'b2' });
  await nft.reconcile(balancer([2], [{ key: 'pick', statements: [toBackend(n.numgen.inc(1))] }]));
  const ask = async (timeout: number): Promise<number> =>
    (await c.udp({ to: '10.96.0.1', port: 80, count: 1, newPorts: true, timeout })).received;
  const rules = (from: n.Statement, to: n.Statement): n.TableContent => ({
    table: acl,
    sets: [],
    chains: [
      { name: 'in-c0', base: input('c0'), rules: [{ key: 'in', statements: [n.udp.dport.ge(1), from, n.drop] }] },
      { name: 'out-s0', base: output('s0'), rules: [{ key: 'out', statements: [n.udp.dport.ge(1), to, n.drop] }] },
    ],
  });
  assert.equal(await ask(patience), 1);
  await nft.reconcile(rules(n.ip.daddr.eq('10.2.0.2'), n.ip.daddr.eq('10.96.0.1')));
  assert.equal(await ask(patience), 1, 'neither sees the other side of the translation');
  await nft.reconcile(rules(n.ip.daddr.eq('10.96.0.1'), n.ip.daddr.eq('10.96.0.1')));
  assert.equal(await ask(refusal), 0, 'input sees the service address');
  await nft.reconcile(rules(n.ip.daddr.eq('10.2.0.2'), n.ip.daddr.eq('10.2.0.2')));
  assert.equal(await ask(refusal), 0, 'output sees the backend');
});

for (const [family, from, to] of [
  ['4', '10.1.0.0/24', '10.2.0.2'],
  ['6', 'fd01::/64', 'fd02::2'],
] as const) {
  test(`a verdict map of ranges decides, IPv${family}`, { skip }, async () => {
    await using opened = await openRouter();
    const { client: c, server, nft } = opened;
    const address = family === '4' ? t.ipv4_addr : t.ipv6_addr;
    const [source, target] = family === '4' ? [n.ip.saddr, n.ip.daddr] : [n.ip6.saddr, n.ip6.daddr];
    const map: n.DesiredSet = {
      name: 'rules',
      key: [address, address, t.inet_proto, t.inet_service],
      data: 'verdict',
      interval: true,
      counter: true,
      elements: [
        { key: [from, to, 'udp', { from: 1000, to: 1999 }], data: { verdict: 'accept' } },
        { key: [from, to, 'udp', { from: 2000, to: 2999 }], data: { verdict: 'drop' } },
      ],
    };
    const content: n.TableContent = {
      table: acl,
      sets: [map],
      chains: [
        {
          name: 'in-c0',
          base: { ...input('c0') },
          rules: [{ key: 'map', statements: [n.concat(source, target, n.meta.l4proto, n.th.dport).verdictFrom(map)] }],
        },
      ],
    };
    await reachable(c, to);
    await nft.reconcile(content);
    const received: number[] = [];
    for (const port of [1000, 1999, 2000, 2999, 3000]) {
      await server.echo({ protocol: 'udp', port });
      received.push((await c.udp({ to, port, timeout: port < 2000 || port >= 3000 ? patience : refusal })).received);
    }
    assert.deepEqual(received, [1, 1, 0, 0, 1]);
    const counters = (await nft.elements(acl, map)).map(
      ({ data, counter }) => `${JSON.stringify(data)} ${counter?.packets}`,
    );
    assert.deepEqual(new Set(counters), new Set(['{"verdict":"accept"} 2', '{"verdict":"drop"} 2']));
  });
}

test('REFLECT: a session of one interface opens the way back there and nowhere else', { skip }, async () => {
  await using opened = await openRouter();
  const { client: c, server, nft } = opened;
  const sessions: n.DesiredSet = {
    name: 'sessions',
    key: [t.iface_index, t.ipv4_addr, t.ipv4_addr, t.inet_service, t.inet_service],
    dynamic: true,
    timeout: 60_000,
  };
  const learn = n.concat(n.meta.iif, n.ip.daddr, n.ip.saddr, n.th.dport, n.th.sport);
  const back = n.concat(n.meta.oif, n.ip.saddr, n.ip.daddr, n.th.sport, n.th.dport);
  const reflect = (serverDenied: boolean): n.TableContent => ({
    table: acl,
    sets: [sessions],
    chains: [
      {
        name: 'in-c0',
        base: input('c0'),
        rules: [
          { key: 'reflect', statements: [n.ip.protocol.eq('udp'), n.dynamic('update', sessions, learn), n.accept] },
        ],
      },
      {
        name: 'out-c0',
        base: output('c0'),
        rules: [
          { key: 'back', statements: [n.ip.protocol.eq('udp'), back.in(sessions), n.accept] },
          { key: 'deny', statements: [n.ip.protocol.eq('udp'), n.drop] },
        ],
      },
      {
        name: 'in-s0',
        base: input('s0'),
        rules: serverDenied ? [{ key: 'deny', statements: [n.ip.protocol.eq('udp'), n.drop] }] : [],
      },
    ],
  });
  await server.echo({ protocol: 'udp', port: 7000 });
  await c.echo({ protocol: 'udp', port: 7001 });
  await nft.reconcile(reflect(false));
  assert.equal((await c.udp({ to: '10.2.0.2', port: 7000, timeout: patience })).received, 1, 'the answer comes back');
  assert.equal(
    (await server.udp({ to: '10.1.0.2', port: 7001, timeout: refusal })).received,
    0,
    'what nobody asked for does not',
  );
  await nft.reconcile(reflect(true));
  assert.equal(
    (await c.udp({ to: '10.2.0.2', port: 7000, timeout: refusal })).received,
    0,
    "another interface's deny drops the answer",
  );
  assert.ok((await nft.elements(acl, sessions)).length > 0);
});

test('fwd behind the input ACL joins two devices one way', { skip }, async () => {
  await using opened = await openRouter();
  const { lab, router, client: c, server, nft } = opened;
  const links = await router.links();
  const index = (name: string): number => links.find((link) => link.name === name)!.index;
  await c.address('eth0', '10.9.0.1/24');
  await server.address('eth0', '10.9.0.2/24');
  const connect = (from: string, to: string, rules: readonly n.Rule[] = []): n.TableContent['chains'] => [
    { name: `acl-${from}`, base: input(from), rules },
    {
      name: `x-${from}`,
      base: { type: 'filter', hook: 'ingress', priority: stages.crossConnect.priority, devices: [from] },
      rules: [{ key: 'fwd', statements: [n.forwardTo(n.constant(t.iface_index, index(to)))] }],
    },
  ];
  assert.equal((await c.ping('10.9.0.2', { count: 1, timeout: refusal })).received, 0);
  const table = { family: 'netdev', name: 'ligature-xconnect' } as const;
  await nft.reconcile({ table, sets: [], chains: [...connect('c0', 's0'), ...connect('s0', 'c0')] });
  assert.equal((await c.ping('10.9.0.2', { count: 1, timeout: patience })).received, 1);
  const deny = [{ key: 'deny', statements: [n.ip.daddr.eq('10.9.0.2'), n.drop] }];
  await nft.reconcile({ table, sets: [], chains: [...connect('c0', 's0', deny), ...connect('s0', 'c0')] });
  assert.equal((await c.ping('10.9.0.2', { count: 1, timeout: refusal })).received, 0, 'the ACL comes first');
  assert.ok(lab);
});
