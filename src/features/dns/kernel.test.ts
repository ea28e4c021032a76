import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { eventually } from '../../../test/router/agent.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true, commands: ['ip', 'dnsmasq'] });

function network(bench: KernelBench, servers: string): string {
  return `
vppConfig:
  interfaces:
    - ${bench.tap('a', '10.1.0.1/24, "fd01::1/64"')}
    - ${bench.tap('b', '10.2.0.1/24, "fd02::1/64"')}
${cache(servers)}
linuxConfig:
  interfaces:
    - ${bench.end('a', '10.1.0.2/24, "fd01::2/64"')}
    - ${bench.end('b', '10.2.0.2/24, 10.2.0.3/24, "fd02::2/64"')}
`;
}

const cache = (servers: string) => `  dnsCache: { upstreamDnsServers: [${servers}] }`;
const only = (servers: string) => `vppConfig:\n${cache(servers)}`;
const KEY = 'config/vpp/dns/v1/dnscache';

/** What a name is, asked at this server from host a. */
async function resolve(bench: KernelBench, server: string, name = 'www.test'): Promise<string> {
  const code = `
    const { Resolver } = require('node:dns').promises;
    const resolver = new Resolver({ timeout: 500, tries: 1 });
    resolver.setServers([${JSON.stringify(server)}]);
    resolver.resolve4(${JSON.stringify(name)}).then((found) => console.log(found.join()), (error) => console.log(error.code));`;
  return (await bench.host('a').run(process.execPath, '-e', code)).trim();
}

/** A server of names on this address of host b. */
function upstream(bench: KernelBench, listen: string, answer: string) {
  const options = [
    '--keep-in-foreground',
    '--no-resolv',
    '--no-hosts',
    '--conf-file=/dev/null',
    '--user=root',
    '--bind-interfaces',
  ];
  return bench
    .host('b')
    .start([
      'dnsmasq',
      ...options,
      `--listen-address=${listen}`,
      `--address=/www.test/${answer}`,
      '--local-ttl=300',
      '--pid-file=',
    ]);
}

test('names are answered from servers and from the cache; changed, taken over by the next agent, gone', {
  skip,
}, async () => {
  await using bench = await KernelBench.open('a', 'b');
  const agent = await bench.agent();
  let last = agent;
  try {
    await agent.commit(network(bench, '10.2.0.2'));
    const first = await upstream(bench, '10.2.0.2', '192.0.2.1');
    await eventually(async () => (await resolve(bench, '10.1.0.1')) === '192.0.2.1');
    assert.equal(await resolve(bench, '[fd01::1]'), '192.0.2.1');
    await first.stop();
    assert.equal(await resolve(bench, '10.1.0.1'), '192.0.2.1', 'from the cache');
    assert.deepEqual(await agent.drift(), []);

    await upstream(bench, 'fd02::2', '192.0.2.2');
    assert.deepEqual(await agent.commit(only('"fd02::2"')), [`UPDATE ${KEY}`]);
    await eventually(async () => (await resolve(bench, '10.1.0.1')) === '192.0.2.2');

    await agent.stop();
    assert.equal(await resolve(bench, '10.1.0.1'), '192.0.2.2', 'nobody notices that the agent is gone');
    last = await bench.agent();
    assert.deepEqual(await last.resync(network(bench, '"fd02::2"')), []);
    const pid = (await processes(bench))[0]!;
    await last.reaction(
      () => Promise.resolve(process.kill(pid, 'SIGKILL')),
      async () => (await resolve(bench, '10.1.0.1')) === '192.0.2.2' && (await last.drift()).length === 0,
    );
    await last.remove(only('"fd02::2"'));
    assert.equal(await resolve(bench, '10.1.0.1'), 'ECONNREFUSED');
    assert.deepEqual(await processes(bench), []);
  } finally {
    await last.tryRemove(only('"fd02::2"'));
  }
});

/** Process ids of dnsmasq in the router's namespace. */
async function processes(bench: KernelBench): Promise<readonly number[]> {
  const pids = (await bench.router.run('ip', 'netns', 'pids', bench.namespace))
    .split('\n')
    .filter((line) => line !== '');
  const names = await Promise.all(pids.map((pid) => bench.router.exec(['cat', `/proc/${pid}/comm`])));
  return pids.filter((_pid, index) => names[index]!.stdout.trim() === 'dnsmasq').map(Number);
}
