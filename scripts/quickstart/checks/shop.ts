import type { Theatre } from '../theatre.ts';
import { until } from '../node.ts';
import { expect } from './expect.ts';
import type { Check } from './check.ts';

const vip = '203.0.113.10';
const backends = ['web1', 'web2', 'web3'] as const;

/** A web server in each pod of the shop that answers with the pod's name. */
async function open(theatre: Theatre): Promise<AsyncDisposable> {
  const servers = await Promise.all(
    backends.map((name) => theatre.pod(name).echo({ protocol: 'tcp', port: 8080, reply: name })),
  );
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

export const shop: readonly Check[] = [
  {
    name: 'a service address reaches all its backends in the configured proportion 3:2:1',
    async run(theatre) {
      await using _servers = await open(theatre);
      const count = 600;
      const { connected, answers, errors } = await theatre.pod('internet').tcpMany({ to: vip, port: 80, count });
      expect(connected === count, `${connected} of ${count} connections (${Object.keys(errors).join(', ')})`);
      // Six standard deviations of a binomial distribution: a right balancer fails once in 500 million runs.
      for (const [name, share] of [
        ['web1', 3 / 6],
        ['web2', 2 / 6],
        ['web3', 1 / 6],
      ] as const) {
        const seen = answers[name] ?? 0;
        const bound = 6 * Math.sqrt(count * share * (1 - share));
        expect(
          Math.abs(seen - count * share) <= bound,
          `${name} got ${seen} of ${count}, expected about ${count * share}`,
        );
      }
      return `${count} connections from outside: ${backends.map((name) => `${name} ${answers[name] ?? 0}`).join(', ')}`;
    },
  },
  {
    name: 'removing a backend ends its long-lived flow within a second, and no other',
    async run(theatre) {
      await using _servers = await open(theatre);
      const internet = theatre.pod('internet');
      const flows = await Promise.all(
        Array.from({ length: 12 }, () => internet.flow({ protocol: 'tcp', to: vip, port: 80 })),
      );
      const reports = await Promise.all(flows.map((flow) => flow.report()));
      const mine = (name: string) => flows.filter((_flow, index) => reports[index]?.responder === name);
      const yaml = theatre.node('node1').configuration;
      const without = yaml.replace(/^.*localIp: 10\.30\.1\.12.*\n/m, '');
      expect(mine('web2').length > 0 && mine('web2').length < flows.length, 'no flow went to web2, or all did');
      await theatre.node('node1').apply(without, 'node1.yaml without web2');
      await until(
        'the flows to web2 stand still',
        async () => {
          const gaps = await Promise.all(mine('web2').map(async (flow) => (await flow.report()).longestGap));
          return gaps.every((gap) => gap > 500);
        },
        3000,
      );
      const others = await Promise.all(flows.filter((flow) => !mine('web2').includes(flow)).map((flow) => flow.stop()));
      await Promise.all(mine('web2').map((flow) => flow.stop(0)));
      const broken = others.filter(({ lost, error }) => lost > 0 || error !== undefined).length;
      expect(broken === 0, `${broken} flows to the other backends were disturbed`);
      await theatre.node('node1').apply(yaml, 'node1.yaml');
      return `${mine('web2').length} flows to web2 ended, ${others.length} to the others lost nothing`;
    },
  },
  {
    name: 'a pod that reaches itself through the service address works',
    async run(theatre) {
      await using _servers = await open(theatre);
      const { connected, answers, errors } = await theatre.pod('web1').tcpMany({ to: vip, port: 80, count: 24 });
      expect(connected === 24, `${connected} of 24 connections (${Object.keys(errors).join(', ')})`);
      const own = answers['web1'] ?? 0;
      expect(own > 0, 'web1 was never its own backend');
      return `24 connections from web1: ${own} came back to itself, ${24 - own} went to the others`;
    },
  },
  {
    name: 'what goes out carries the address of the pool',
    async run(theatre) {
      const server = await theatre.pod('internet').echo({ protocol: 'tcp', port: 443 });
      try {
        const { connected, error } = await theatre.pod('client').tcp({ to: '198.51.100.2', port: 443 });
        expect(connected, `client did not get out: ${error ?? 'no answer'}`);
        const { peers } = await server.report();
        const addresses = Object.keys(peers).map((peer) => peer.split(' ')[0]);
        expect(
          addresses.length > 0 && addresses.every((one) => one === '198.51.100.100'),
          `the outside saw ${addresses.join(', ')}`,
        );
        return 'the outside sees 198.51.100.100 for client (10.10.1.2)';
      } finally {
        await server.close();
      }
    },
  },
];
