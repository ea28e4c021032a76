import assert from 'node:assert/strict';
import { ethernet, ip, udp } from '../../../test/lab/frame.ts';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onVpp } from '../../../test/router/each-engine.ts';

/** The host's address is VPP's, which owns the card (a), too: what VPP has no use for goes to the host (b). */
const network = (bench: Bench, rules: string) => `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
  stnRules: [${rules}]
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, "fd02::2/64"')}
`;
const RULES = '{ ipAddress: 10.1.0.1, interface: b }, { ipAddress: "fd01::1", interface: b }';
const only = (rules: string) => `vppConfig: { stnRules: [${rules}] }`;

async function send(bench: Bench, family: 4 | 6, text: string): Promise<void> {
  const a = bench.host('a');
  const [source, destination] = family === 4 ? ['10.1.0.2', '10.1.0.1'] : ['fd01::2', 'fd01::1'];
  const [router] = await a.whoHas('eth0', destination!, family === 4 ? { from: source! } : {});
  if (router === undefined) return;
  const { mac } = (await a.link('eth0'))!;
  const packet = ip({ source: source!, destination: destination!, protocol: 17 }, udp(4000, 7777, Buffer.from(text)));
  await a.send(
    'eth0',
    ethernet({ source: mac, destination: router, etherType: family === 4 ? 0x0800 : 0x86dd }, packet),
  );
}

onVpp('what is for the address of the host goes to the host; no more', { hosts: ['a', 'b'] }, async (bench) => {
  const agent = await bench.agent();
  await agent.commit(network(bench, RULES));
  const capture = await bench.host('b').capture('eth0', { direction: 'in' });
  const came = async (text: string) => (await capture.frames({ contains: text })).length > 0;
  const comes = (family: 4 | 6, text: string) =>
    eventually(async () => {
      await send(bench, family, text);
      return came(text);
    });
  await comes(4, 'first-4');
  await comes(6, 'first-6');
  assert.equal((await bench.host('a').ping('10.1.0.1')).received, 1, 'VPP answers what it can');
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(network(bench, RULES)), []);
  await comes(4, 'second-4');
  await again.remove(only('{ ipAddress: 10.1.0.1, interface: b }'));
  await send(bench, 4, 'third-4');
  await comes(6, 'third-6');
  assert.equal(await came('third-4'), false);
  await capture.close();
  assert.deepEqual(await bench.leftOf(again, network(bench, RULES)), []);
});
