import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';
import { spelledRule } from './kernel/saved.ts';

const skip = requires({ netns: true, commands: ['iptables-restore', 'ip6tables-restore', 'iptables'] });

function network(bench: KernelBench, chains: (namespace: string) => string): string {
  const end = bench.end('a', '10.1.0.2/24, "fd01::2/64"');
  const reference = /reference: ([^ }]+)/.exec(end)![1]!;
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
linuxConfig:
  interfaces:
    - ${end}
  RuleChain:${chains(`{ type: NSID, reference: ${reference} }`)}
`;
}

const INPUT = (namespace: string, rules: string): string => `
    - { name: in, namespace: ${namespace}, interfaces: [a-end], chainType: INPUT, defaultPolicy: DROP, rules: [${rules}] }`;

async function answers(bench: KernelBench, to: string): Promise<boolean> {
  return (await bench.router.ping(to, { count: 1, timeout: 300 })).received === 1;
}

test('rules in order, a policy, a custom chain; changed in place, read back, removed', { skip }, async () => {
  await using bench = await KernelBench.open('a');
  const agent = await bench.agent();
  const custom = (namespace: string): string => `
    - { name: mine, namespace: ${namespace}, chainType: CUSTOM, chainName: MINE, rules: ["-s 10.1.0.1 -p icmp -j ACCEPT"] }`;
  const config = network(bench, (ns) => INPUT(ns, '"-i lo -j ACCEPT", "-j MINE"') + custom(ns));
  await agent.commit(config);
  const list = (chain: string) => bench.host('a').run('iptables', '-S', chain);
  assert.equal(await list('INPUT'), '-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j MINE\n');
  assert.equal(await list('MINE'), '-N MINE\n-A MINE -s 10.1.0.1/32 -p icmp -j ACCEPT\n');
  await eventually(() => answers(bench, '10.1.0.2'));
  assert.deepEqual(await agent.drift(), []);

  const turned = network(bench, (ns) => INPUT(ns, '"-p icmp -j DROP", "-i lo -j ACCEPT", "-j MINE"') + custom(ns));
  assert.deepEqual(await agent.commit(turned), ['UPDATE config/linux/iptables/v2/rulechain/in']);
  assert.equal(await answers(bench, '10.1.0.2'), false);
  await agent.stop();

  const again = await bench.agent();
  assert.deepEqual(await again.resync(turned), []);
  const ns = /namespace: (\{ type: NSID[^}]+\})/.exec(turned)![1]!;
  await again.remove(`linuxConfig: { RuleChain: [${INPUT(ns, '').trim().slice(2)}, ${custom(ns).trim().slice(2)}] }`);
  assert.equal(await list('INPUT'), '-P INPUT ACCEPT\n');
  await assert.rejects(list('MINE'));
  await eventually(() => answers(bench, '10.1.0.2'));
});

test('damage is reported with its field, also a changed order, and healed', { skip }, async () => {
  await using bench = await KernelBench.open('a');
  const agent = await bench.agent();
  await agent.commit(network(bench, (ns) => INPUT(ns, '"-s 10.9.0.1 -j DROP", "-d 10.9.0.1 -j DROP"')));
  const a = bench.host('a');
  const key = 'config/linux/iptables/v2/rulechain/in';
  for (const [commands, field] of [
    [
      [
        ['-D', 'INPUT', '1'],
        ['-A', 'INPUT', '-s', '10.9.0.1', '-j', 'DROP'],
      ],
      'rules',
    ],
    [[['-I', 'INPUT', '-s', '10.7.0.0/16', '-j', 'ACCEPT']], 'rules'],
    [[['-P', 'INPUT', 'ACCEPT']], 'default_policy'],
  ] as const) {
    for (const command of commands) await a.run('iptables', ...command);
    assert.match((await agent.drift()).join('; '), new RegExp(`^different ${key} ${field}[^;]*$`));
    assert.deepEqual(await agent.heal(), [`UPDATE ${key}`]);
    assert.deepEqual(await agent.drift(), []);
  }
  assert.equal(
    await a.run('iptables', '-S', 'INPUT'),
    '-P INPUT DROP\n-A INPUT -s 10.9.0.1/32 -j DROP\n-A INPUT -d 10.9.0.1/32 -j DROP\n',
  );
});

test('IPv6, other tables, and a rule that iptables refuses fails alone', { skip }, async () => {
  await using bench = await KernelBench.open('a');
  const agent = await bench.agent();
  const { failures } = await agent.tryCommit(
    network(
      bench,
      (ns) => `
    - { name: six, namespace: ${ns}, protocol: IPV6, chainType: INPUT, rules: ["-s fd01::1 -p icmpv6 --icmpv6-type echo-request -j DROP"] }
    - { name: nat, namespace: ${ns}, table: NAT, chainType: POSTROUTING, rules: ["-o eth0 -j MASQUERADE"] }
    - { name: bad, namespace: ${ns}, table: MANGLE, chainType: FORWARD, rules: ["-j NOSUCHTARGET"] }
    - { name: good, namespace: ${ns}, table: MANGLE, chainType: OUTPUT, rules: ["-p tcp --dport 80 -j ACCEPT"] }`,
    ),
  );
  assert.deepEqual(
    failures.map(({ key }) => key),
    ['config/linux/iptables/v2/rulechain/bad'],
  );
  assert.match(failures[0]!.error.message, /iptables-restore in .*NOSUCHTARGET/s);
  assert.equal(await answers(bench, 'fd01::2'), false);
  assert.match(await bench.host('a').run('iptables', '-t', 'nat', '-S', 'POSTROUTING'), /-o eth0 -j MASQUERADE/);
  assert.match(await bench.host('a').run('iptables', '-t', 'mangle', '-S', 'OUTPUT'), /--dport 80 -j ACCEPT/);
  assert.deepEqual(await agent.drift(), []);
});

test('rules are spelled as iptables-save does', () => {
  for (const [written, printed] of [
    ['--source 10.0.0.1 --jump ACCEPT', '-s 10.0.0.1/32 -j ACCEPT'],
    ['-p tcp --destination-port 80 -j DROP', '-p tcp -m tcp --dport 80 -j DROP'],
    ['-d fd00::1  -j "DROP"', '-d fd00::1/128 -j DROP'],
  ] as const) {
    assert.equal(spelledRule(written), spelledRule(printed));
  }
  assert.notEqual(spelledRule('-s 10.0.0.1 -d 10.0.0.2'), spelledRule('-s 10.0.0.2 -d 10.0.0.1'));
});
