import assert from 'node:assert/strict';
import type { CapturedFrame, CaptureHandle } from '../../../test/lab/host.ts';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onVpp } from '../../../test/router/each-engine.ts';
import { until } from '../../../test/vpp/stage.ts';

const network = (bench: Bench, more: string) => `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24')}
    - ${bench.tap('b', '10.2.0.1/24')}
    - ${bench.tap('c', '10.3.0.1/24')}
${more}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24')}
    - ${bench.end('b', '10.2.0.2/24')}
    - ${bench.end('c', '10.3.0.2/24, 10.3.0.3/24')}
  routes:
    - { outgoingInterface: a-end, scope: GLOBAL, dstNetwork: 10.0.0.0/8, gwAddr: 10.1.0.1 }
    - { outgoingInterface: b-end, scope: GLOBAL, dstNetwork: 10.0.0.0/8, gwAddr: 10.2.0.1 }
`;
const only = (more: string) => `vppConfig:\n${more}`;
const exporter = (collector: string) => `
  ipfixGlobal: { collector: { address: ${collector} }, sourceAddress: 10.3.0.1, templateInterval: 1 }`;
const params = (what: string) => `
  ipfixFlowprobeParams: { ${what}, activeTimer: 1, passiveTimer: 5 }`;
const recorded = `
  ipfixFlowprobes: [{ interface: b, ip4: true }]`;

const IPFIX_PORT = 4739;
const TEMPLATES = 2;
const SOURCE = Buffer.from([10, 1, 0, 2]);
const DESTINATION = Buffer.from([10, 2, 0, 2]);

interface FlowSet {
  readonly id: number;
  readonly content: Buffer;
}

/** Sets of a message (RFC 7011, 3). */
function setsOf({ payload }: CapturedFrame): readonly FlowSet[] {
  assert.equal(payload!.readUInt16BE(0), 10, 'version');
  const end = payload!.readUInt16BE(2);
  const sets: FlowSet[] = [];
  for (let at = 16; at < end; at += payload!.readUInt16BE(at + 2)) {
    sets.push({
      id: payload!.readUInt16BE(at),
      content: payload!.subarray(at + 4, at + payload!.readUInt16BE(at + 2)),
    });
  }
  return sets;
}

/** What reached the collector so far: templates, and records of a's packets to b. */
async function received(capture: CaptureHandle, collector: string) {
  const messages = await capture.frames({ ip: { destination: collector }, udp: { destination: IPFIX_PORT } });
  const sets = messages.flatMap(setsOf);
  const isFlow = ({ id, content }: FlowSet) => id > 255 && content.includes(SOURCE) && content.includes(DESTINATION);
  return { templates: sets.filter(({ id }) => id === TEMPLATES), flows: sets.filter(isFlow) };
}

/** Resolves when a record of a flow that `talk` makes comes to the collector. */
async function flows(
  bench: Bench,
  collector: string,
): Promise<{ readonly templates: number; readonly record: Buffer }> {
  const capture = await bench.host('c').capture('eth0', { direction: 'in' });
  const isComplete = async () => {
    await bench.host('a').ping('10.2.0.2', { timeout: 200 });
    const { templates, flows: found } = await received(capture, collector);
    return templates.length > 0 && found.length > 0;
  };
  // VPP sends every five seconds what there is.
  await until(`a template and a record at ${collector}`, isComplete, 60_000);
  const { templates, flows: found } = await received(capture, collector);
  await capture.close();
  return { templates: templates.length, record: found[0]!.content };
}

onVpp(
  'records of flows reach the collector, another one; with other fields; no more',
  { hosts: ['a', 'b', 'c'], timeout: 300_000 },
  async (bench) => {
    const agent = await bench.agent();
    await agent.commit(network(bench, exporter('10.3.0.2') + params('recordL3: true') + recorded));
    await eventually(async () => (await bench.host('a').ping('10.2.0.2', { timeout: 500 })).received === 1);
    const { record } = await flows(bench, '10.3.0.2');
    assert.deepEqual(await agent.drift(), []);

    assert.equal((await agent.commit(only(exporter('10.3.0.3')))).length, 1);
    await flows(bench, '10.3.0.3');
    // Ports are more.
    await agent.commit(only(params('recordL3: true, recordL4: true')));
    const isMore = async () => (await flows(bench, '10.3.0.3')).record.length > record.length;
    await until('records with ports', isMore, 60_000);
    assert.deepEqual(await agent.drift(), []);
    await agent.stop();
    const again = await bench.agent();
    const config = exporter('10.3.0.3') + params('recordL3: true, recordL4: true') + recorded;
    assert.deepEqual(await again.resync(network(bench, config)), []);
    await flows(bench, '10.3.0.3');
    await again.remove(only(recorded));
    const capture = await bench.host('c').capture('eth0', { direction: 'in' });
    await bench.host('a').ping('10.2.0.2', { count: 10, interval: 200 });
    assert.deepEqual((await received(capture, '10.3.0.3')).flows, []);
    await capture.close();
    assert.deepEqual(await bench.leftOf(again, network(bench, exporter('10.3.0.3') + params('recordL3: true'))), []);
  },
);
