/** Bonds of two VPPs with two wires between them. The kernel's are in `kernel-links.vm.test.ts`. */

import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import { Bench } from '../../../test/router/bench.ts';
import { pairOnVpp } from '../../../test/router/each-engine.ts';
import type { Pair, Side } from '../../../test/router/pair.ts';

const WIRES = [1, 2] as const;
const FLOWS = 64;
const SLOW_PROTOCOLS = 0x8809;
const terms = { commands: ['tc'], timeout: 400_000 };

type Members = readonly number[];

/** Without a MAC address of its own: it takes that of its first member. */
function bond({ name }: Side, mode: string, members: Members): string {
  const end = name === 'left' ? 1 : 2;
  const names = members.map((wire) => `{ name: ${name}${wire} }`).join(', ');
  return `
    - name: bond0
      type: BOND_INTERFACE
      enabled: true
      ipAddresses: [192.0.2.${end}/24, "fd02::${end}/64"]
      bond: { id: 0, mode: ${mode}, bondedInterfaces: [${names}] }`;
}

/** A host, the ends of the wires, the bond, and by it a way to the other host. */
function network(side: Side, mode: string, members: Members = WIRES): string {
  const { bench, name } = side;
  const [at, subnet, far, farSubnet] = name === 'left' ? (['a', 1, 2, 3] as const) : (['b', 3, 1, 1] as const);
  const lines = (all: readonly string[]): string => all.map((each) => `\n    - ${each}`).join('');
  const ends = WIRES.map((wire) => `${name}${wire}`);
  return `
vppConfig:
  interfaces:
    - ${bench.tap(at, `10.${subnet}.0.1/24, "fd0${subnet}::1/64"`)}${lines(ends.map((end) => bench.tap(end, '')))}${bond(side, mode, members)}
  routes:
    - { dstNetwork: 10.${farSubnet}.0.0/24, nextHopAddr: 192.0.2.${far}, outgoingInterface: bond0 }
    - { dstNetwork: "fd0${farSubnet}::/64", nextHopAddr: "fd02::${far}", outgoingInterface: bond0 }
linuxConfig:
  interfaces:
    - ${bench.end(at, `10.${subnet}.0.2/24, "fd0${subnet}::2/64"`)}${lines(ends.map((end) => bench.end('wire', '', end)))}
  routes:
    - { outgoingInterface: ${Bench.endOf(at)}, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.${subnet}.0.1 }
    - { outgoingInterface: ${Bench.endOf(at)}, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd0${subnet}::1" }
`;
}

/** Joins the ends of the wires. A bridge would keep frames of LACP to itself. */
async function join(pair: Pair, wires: Members = WIRES): Promise<void> {
  const wire = pair.left.bench.host('wire');
  for (const at of wires) {
    for (const [from, to] of [
      ['left', 'right'],
      ['right', 'left'],
    ] as const) {
      const match = 'protocol all prio 1 u32 match u32 0 0 action mirred egress redirect dev';
      await wire.run('tc', 'qdisc', 'add', 'dev', `eth-${from}${at}`, 'clsact');
      await wire.run(
        'tc',
        'filter',
        'add',
        'dev',
        `eth-${from}${at}`,
        'ingress',
        ...match.split(' '),
        `eth-${to}${at}`,
      );
    }
  }
}

/** How many of so many datagrams, each of a connection of its own, the left router puts on each wire; all of them arrive. */
async function spread(pair: Pair, count = FLOWS): Promise<readonly number[]> {
  const wire = pair.left.bench.host('wire');
  const echo = await pair.right.host.echo({ protocol: 'udp' });
  const captures = await Promise.all(WIRES.map((at) => wire.capture(`eth-left${at}`, { direction: 'in' })));
  const { received } = await pair.left.host.udp({ to: '10.3.0.2', port: echo.port, count, newPorts: true });
  // A bond that sends everything twice is answered more often.
  assert.ok(received >= count, `${received} answers to ${count}`);
  const seen = await Promise.all(captures.map((each) => each.frames({ udp: { destination: echo.port } })));
  await Promise.all([...captures, echo].map((each) => each.close()));
  return seen.map((frames) => frames.length);
}

async function start(pair: Pair, mode: string): Promise<void> {
  for (const side of pair.sides) {
    side.bench.finishesChecksums = true;
    await (await side.restart()).commit(network(side, mode));
  }
  await join(pair);
  await pair.reach('10.3.0.2');
  await pair.reach('fd03::2');
}

/** What the wires carry of so many datagrams. */
const MODES: Readonly<Record<string, (first: number, second: number) => boolean>> = {
  ROUND_ROBIN: (first, second) => first === FLOWS / 2 && second === FLOWS / 2,
  ACTIVE_BACKUP: (first, second) => Math.min(first, second) === 0 && Math.max(first, second) === FLOWS,
  'XOR, lb: L34': (first, second) => first > 0 && second > 0 && first + second === FLOWS,
  'XOR, lb: L2': (first, second) => Math.min(first, second) === 0 && first + second === FLOWS,
  BROADCAST: (first, second) => first === FLOWS && second === FLOWS,
  'LACP, lb: L34': (first, second) => first > 0 && second > 0 && first + second === FLOWS,
};

for (const [mode, isRight] of Object.entries(MODES)) {
  pairOnVpp(`a bond shares its packets out, outlives a member and goes: ${mode}`, terms, async (pair: Pair) => {
    await start(pair, mode);
    let shares = await spread(pair);
    // Members of LACP join one after the other.
    await eventually(async () => {
      shares = await spread(pair);
      return isRight(shares[0]!, shares[1]!);
    }, 30_000).catch((error: unknown) => assert.fail(`${shares.join(' and ')} of ${FLOWS}`, { cause: error }));
    for (const side of pair.sides) assert.deepEqual(await side.agent.drift(), []);

    for (const side of pair.sides) await side.agent.commit(network(side, mode, [2]));
    await pair.reach('10.3.0.2');
    assert.deepEqual(await spread(pair), [0, FLOWS]);
    for (const side of pair.sides) {
      const config = network(side, mode, [2]);
      assert.deepEqual(await (await side.restart()).resync(config), []);
    }
    await pair.reach('fd03::2');
    for (const side of pair.sides) assert.deepEqual(await side.bench.leftOf(side.agent, network(side, mode, [2])), []);
  });
}

pairOnVpp('a bond of LACP notices that a wire is cut, and that it is back', terms, async (pair: Pair) => {
  const mode = 'LACP, lb: L34';
  await start(pair, mode);
  const wire = pair.left.bench.host('wire');
  const capture = await wire.capture('eth-left1', { direction: 'in' });
  await eventually(async () => (await spread(pair)).every((share) => share > 0), 30_000);
  await capture.wait({ etherType: SLOW_PROTOCOLS }, { timeout: 30_000 });
  await capture.close();
  for (const side of pair.sides) await wire.run('tc', 'qdisc', 'del', 'dev', `eth-${side.name}1`, 'clsact');
  const [gone, kept] = [0, FLOWS];
  await eventually(async () => {
    const shares = await spread(pair).catch(() => []);
    return shares[0] === gone && shares[1] === kept;
  }, 150_000);
  await join(pair, [1]);
  await eventually(async () => (await spread(pair)).every((share) => share > 0), 150_000);
});
