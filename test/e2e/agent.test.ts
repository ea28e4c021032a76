import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { requires } from '../requires.ts';
import { AgentProcess, ligature } from './agent-process.ts';

const loopback = `vppConfig:
  interfaces:
    - name: loop1
      type: SOFTWARE_LOOPBACK
      enabled: true
`;
const two = `${loopback}    - { name: loop2, type: SOFTWARE_LOOPBACK, enabled: true, mtu: 1400 }\n`;

describe('the agent as a process', { skip: requires({ netns: true }) }, () => {
  test('applies a file, tells what became of it, and takes everything down with --remove', async () => {
    await using agent = await AgentProcess.open();
    const applied = agent.ligature('config', 'apply', agent.file('a.yaml', two));
    assert.equal(applied.status, 0, applied.stderr);
    assert.match(applied.stdout, /transaction \d+: 2 CONFIGURED/);
    const values = JSON.parse(agent.ligature('-f', 'json', 'values').stdout) as { name: string; state: string }[];
    assert.deepEqual(values.map(({ name, state }) => `${name} ${state}`).sort(), [
      'loop1 CONFIGURED',
      'loop2 CONFIGURED',
    ]);
    assert.match(agent.ligature('explain', 'config/vpp/v2/interfaces/loop2').stdout, /wanted by {2}cli/);
    assert.match(agent.ligature('config', 'check').stdout, /as applied/);
    assert.equal(await agent.stop(), 0);
    assert.equal(agent.hasNamespace, false, 'the vswitch namespace is gone');
  });

  test('--remove takes along namespaces that were made for Linux interfaces, and none of others', async () => {
    await using agent = await AgentProcess.open();
    const [made, theirs] = [`${agent.namespace}-made`, `${agent.namespace}-theirs`];
    const exists = (name: string) => existsSync(`/var/run/netns/${name}`);
    try {
      spawnSync('ip', ['netns', 'add', theirs]);
      const pod = (name: string, namespace: string) => `
    - name: ${name}
      type: TAP_TO_VPP
      enabled: true
      hostIfName: eth0
      namespace: { type: NSID, reference: ${namespace} }
      tap: { vppTapIfName: ${name} }`;
      const taps = ['a', 'b'].map((name) => `\n    - { name: ${name}, type: TAP, enabled: true, tap: { version: 2 } }`);
      const config = `vppConfig:\n  interfaces:${taps.join('')}\nlinuxConfig:\n  interfaces:${pod('a', made)}${pod('b', theirs)}\n`;
      const applied = agent.ligature('config', 'apply', agent.file('pods.yaml', config));
      assert.equal(applied.status, 0, applied.stderr);
      assert.deepEqual([made, theirs].map(exists), [true, true]);
      // It is told from the user's after a crash, too.
      await agent.stop('SIGKILL');
      await agent.start();
      assert.equal(await agent.stop(), 0);
      assert.deepEqual([made, theirs].map(exists), [false, true]);
    } finally {
      for (const name of [made, theirs]) spawnSync('ip', ['netns', 'delete', name]);
    }
  });

  test('says what the kernel does by itself, and what each engine makes of each model', async () => {
    await using agent = await AgentProcess.open();
    const file = agent.file('scan.yaml', 'vppConfig: { ipscanNeighbor: { mode: BOTH } }\n');
    assert.equal(agent.ligature('config', 'apply', file).status, 0);
    const explanation = /neighbours that are used are asked whether they are still there/;
    assert.match(agent.ligature('values').stdout, explanation);
    assert.match(agent.ligature('explain', 'config/vpp/v2/ipscanneigh-global').stdout, explanation);
    const models = agent.ligature('model', 'ls').stdout;
    assert.match(models, /^vpp\.route .* kernel/m);
    assert.match(models, /^vpp\.ipscanneigh-global .* explained .*neighbours that are used/m);
    assert.match(models, /^vpp\.tohost .* UNIMPLEMENTED .*delivered to the program that listens/m);
    assert.match(models, /^vpp\.vrf-table .* vrf/m);
  });

  test('restores after kill -9 what it was told, without touching what is right', async () => {
    await using agent = await AgentProcess.open();
    assert.equal(agent.ligature('config', 'apply', agent.file('a.yaml', two)).status, 0);
    await agent.stop('SIGKILL');
    await agent.start();
    const records = JSON.parse(agent.ligature('-f', 'json', 'config', 'history').stdout) as {
      resync: string;
      executed: { noop: boolean }[];
    }[];
    // Before it stands what the kernel told of itself.
    const restored = records.find(({ resync }) => resync === 'FullResync');
    assert.deepEqual(
      restored?.executed.filter(({ noop }) => !noop),
      [],
    );
    assert.match(agent.ligature('values').stdout, /loop2 +CONFIGURED/);
  });

  test('a source that lets go uncovers the next one', async () => {
    await using agent = await AgentProcess.open([], { 'initial-config.yaml': two });
    const mtu = () => {
      const config = JSON.parse(agent.ligature('-f', 'json', 'config', 'get').stdout) as {
        vppConfig: { interfaces: { name: string; mtu?: number }[] };
      };
      return config.vppConfig.interfaces.find(({ name }) => name === 'loop2')?.mtu;
    };
    assert.equal(mtu(), 1400);
    const mine = agent.file('mine.yaml', two.replace('1400', '1300'));
    assert.equal(agent.ligature('config', 'apply', mine).status, 0);
    assert.equal(mtu(), 1300);
    assert.equal(agent.ligature('config', 'delete', mine).status, 0);
    assert.equal(mtu(), 1400);
  });

  test('plan and diff tell by exit code 3 that something would change, and change nothing', async () => {
    await using agent = await AgentProcess.open();
    const file = agent.file('a.yaml', loopback);
    const plan = agent.ligature('config', 'plan', '--exit-code', file);
    assert.equal(plan.status, 3);
    assert.match(plan.stdout, /CREATE +config\/vpp\/v2\/interfaces\/loop1/);
    assert.equal(agent.ligature('config', 'diff', '--exit-code', file).status, 3);
    assert.match(agent.ligature('values').stdout, /no values/);
    agent.ligature('config', 'apply', file);
    assert.equal(agent.ligature('config', 'plan', '--exit-code', file).status, 0);
    assert.equal(agent.ligature('config', 'diff', '--exit-code', file).status, 0);
  });

  test('several files are one transaction; an object in two of them is refused', async () => {
    await using agent = await AgentProcess.open();
    const a = agent.file('a.yaml', loopback);
    const b = agent.file('b.yaml', loopback.replace('loop1', 'loop2'));
    assert.match(agent.ligature('config', 'apply', a, b).stdout, /transaction \d+: 2 CONFIGURED/);
    const twice = agent.ligature('config', 'apply', a, a.replace('a.yaml', 'b.yaml'), agent.file('c.yaml', loopback));
    assert.equal(twice.status, 1);
    assert.match(twice.stderr, /c\.yaml:\d+:\d+: .*interfaces\[0\]: this object is in .*a\.yaml too/);
  });

  for (const [what, content, message] of [
    ['malformed YAML', 'vppConfig: [', /a\.yaml:\d+:\d+/],
    ['an unknown field', loopback.replace('enabled', 'enabeld'), /a\.yaml:5:7: .*enabeld.*did you mean .?enabled/s],
    ['a wrong type', loopback.replace('true', 'perhaps'), /a\.yaml:5:\d+: .*enabled/],
    ['MTU 70000', `${loopback}      mtu: 70000\n`, /a\.yaml:6:\d+: .*mtu.*9216/],
    ['a bad mask', `${loopback}      ipAddresses: [10.0.0.1/33]\n`, /a\.yaml:6:\d+: .*10\.0\.0\.1\/33/],
    ['an object twice', `${loopback}    - { name: loop1, type: SOFTWARE_LOOPBACK }\n`, /a\.yaml:\d+:\d+: .*loop1/],
    [
      'a long Linux name',
      'linuxConfig:\n  interfaces:\n    - { name: a, type: VETH, hostIfName: twenty-characters-ab, veth: { peerIfName: b } }\n',
      /a\.yaml:3:\d+: .*twenty-characters-ab/,
    ],
    [
      'two BVIs',
      'vppConfig:\n  bridgeDomains:\n    - name: bd\n      interfaces: [{ name: a, bridgedVirtualInterface: true }, { name: b, bridgedVirtualInterface: true }]\n',
      /a\.yaml:4:\d+: /,
    ],
    [
      'a port range upside down',
      'vppConfig:\n  acls:\n    - name: x\n      rules: [{ action: PERMIT, ipRule: { tcp: { destinationPortRange: { lowerPort: 9, upperPort: 8 } } } }]\n',
      /a\.yaml:4:\d+: /,
    ],
    ['bytes that are no UTF-8', Buffer.from([0x76, 0xff, 0xfe]), /a\.yaml.*UTF-8/],
  ] as const) {
    test(`${what} is refused with its place, exit code 1, and nothing is applied`, async () => {
      const agent = await shared();
      const { status, stderr } = agent.ligature('config', 'apply', agent.file('a.yaml', content));
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(agent.ligature('values').stdout, /no values/);
    });
  }

  test('50 MB are answered in seconds: a comment is skipped, 800,000 interfaces are over the limit', async () => {
    const agent = await shared();
    const timed = (content: string) => {
      const path = agent.file('large.yaml', content);
      const start = performance.now();
      const result = agent.ligature('config', 'apply', path);
      return { ...result, seconds: (performance.now() - start) / 1000 };
    };
    const many = Array.from(
      { length: 800_000 },
      (_, index) => `    - { name: loop${index}, type: SOFTWARE_LOOPBACK, enabled: true }\n`,
    );
    const refused = timed(`vppConfig:\n  interfaces:\n${many.join('')}`);
    assert.equal(refused.status, 1, refused.stderr);
    assert.match(refused.stderr, /large\.yaml:1:1: has 800000 objects, 200000 are accepted in one transaction/);
    assert.match(agent.ligature('values').stdout, /no values/);
    const comment = timed(`${`# ${'x'.repeat(98)}\n`.repeat(520_000)}# the end, and nothing before it\n`);
    assert.equal(comment.status, 0, comment.stderr);
    assert.match(agent.ligature('values').stdout, /no values/);
    // Both take three to five here; the bound is for machines that are busy.
    assert.ok(Math.max(refused.seconds, comment.seconds) < 60, `${refused.seconds} s, ${comment.seconds} s`);
  });

  test('a reference to nothing is pending, with the reason', async () => {
    await using agent = await AgentProcess.open();
    const file = agent.file(
      'a.yaml',
      'vppConfig:\n  acls:\n    - name: x\n      rules: [{ action: PERMIT, ipRule: { ip: { sourceNetwork: 0.0.0.0/0 } } }]\n      interfaces: { ingress: [nowhere] }\n',
    );
    const { status } = agent.ligature('config', 'apply', file);
    assert.equal(status, 0);
    assert.match(agent.ligature('values').stdout, /PENDING .*waits for interface nowhere/);
  });

  test('what this engine cannot do is UNIMPLEMENTED by name, with the reason', async () => {
    await using agent = await AgentProcess.open();
    agent.ligature(
      'config',
      'apply',
      agent.file(
        'a.yaml',
        'vppConfig:\n  interfaces:\n    - { name: m, type: MEMIF, memif: { socketFilename: /x } }\n',
      ),
    );
    assert.match(agent.ligature('values').stdout, /UNIMPLEMENTED .*MEMIF/);
    assert.match(agent.ligature('model', 'ls', 'vpp.tohost').stdout, /UNIMPLEMENTED/);
  });

  test('a guarded commit rolls back unless it is confirmed', async () => {
    await using agent = await AgentProcess.open();
    agent.ligature('config', 'apply', '--confirm', '300ms', agent.file('a.yaml', loopback));
    await agent.until('it is rolled back', () => Promise.resolve(/no values/.test(agent.ligature('values').stdout)));
    const kept = agent.ligature('config', 'apply', '--confirm', '60s', agent.file('b.yaml', loopback));
    const seq = /config confirm (\d+)/.exec(kept.stdout)?.[1];
    assert.equal(agent.ligature('config', 'confirm', seq ?? '').status, 0);
    assert.match(agent.ligature('values').stdout, /CONFIGURED/);
  });

  test('REST: Ligato paths answer, reading is free on loopback, changing needs the token', async () => {
    await using agent = await AgentProcess.open();
    const url = (path: string) => `http://127.0.0.1:${agent.port}${path}`;
    const put = (headers: Record<string, string>) =>
      fetch(url('/configuration'), { method: 'PUT', headers, body: loopback });
    assert.equal((await put({})).status, 401);
    const allowed = await put({ authorization: `Bearer ${agent.token}` });
    assert.equal(allowed.status, 200, await allowed.text());
    const yaml = await fetch(url('/configuration'));
    assert.match(yaml.headers.get('content-type') ?? '', /application\/yaml/);
    assert.match(await yaml.text(), /name: loop1/);
    for (const path of [
      '/scheduler/txn-history',
      '/scheduler/txn-history?seq-num=0',
      '/scheduler/dump',
      '/scheduler/dump?descriptor=vpp.interfaces&view=SB',
      '/scheduler/status',
      '/scheduler/graph-snapshot',
      '/scheduler/flag-stats?flag=value-state',
      '/scheduler/stats',
      '/dump/vpp/v2/interfaces',
      '/dump/vpp/v2/interfaces/loopback',
      '/info/version',
      '/info/configuration/jsonschema',
      '/liveness',
      '/readiness',
      '/log/list',
      '/api/v1/models',
      '/api/v1/kernel',
    ]) {
      const answer = await fetch(url(path));
      assert.equal(answer.status, 200, path);
      assert.ok((await answer.json()) !== undefined, path);
    }
    assert.match(await (await fetch(url('/scheduler/txn-history?format=text'))).text(), /Transaction #1/);
    assert.match(await (await fetch(url('/metrics'))).text(), /ligato_build_info|process_/);
    assert.equal((await fetch(url('/scheduler/txn-history?seq-num=99'))).status, 404);
    assert.equal((await fetch(url('/scheduler/dump?descriptor=nothing'))).status, 404);
    assert.equal(
      typeof ((await (await fetch(url('/info/version'))).json()) as { BuildTime: unknown }).BuildTime,
      'number',
    );
    for (const path of ['/vpp/telemetry', '/vpp/telemetry/memory', '/govppmux/stats', '/api/v1/vpp']) {
      const answer = await fetch(url(path));
      assert.equal(answer.status, 501, path);
      assert.match(await answer.text(), /this agent programs the Linux kernel: .*--engine vpp/);
    }
    const wrong = await fetch(url('/configuration/validate'), {
      method: 'POST',
      body: `${loopback}      mtu: 70000\n`,
    });
    assert.equal(wrong.status, 400);
    const [problem] = (await wrong.json()) as { path: string; line: number }[];
    assert.equal(problem?.line, 6);
  });

  test('what there is not is an error, and pictures, metrics and loggers are found by name', async () => {
    await using agent = await AgentProcess.open();
    agent.ligature('config', 'apply', agent.file('a.yaml', loopback));
    for (const args of [
      ['values', 'vpp.interface'],
      ['config', 'check', '--model', 'vpp.interface'],
    ]) {
      const { status, stderr } = agent.ligature(...args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, /there is no model `vpp\.interface`; did you mean `vpp\.interfaces`/);
    }
    assert.equal(agent.ligature('log', 'set', 'kernel', 'loudly').status, 2);
    assert.match(agent.ligature('graph', '-f', 'dot').stdout, /^digraph .*loop1/s);
    const picture = agent.ligature('values', '-f', 'svg');
    assert.deepEqual([picture.status, /svg is a format of `ligature graph`/.test(picture.stderr)], [2, true]);
    assert.match(agent.ligature('graph', '-f', 'json').stdout, /"config\/vpp\/v2\/interfaces\/loop1"/);
    assert.match(agent.ligature('metrics', 'get', 'process_cpu').stdout, /^# HELP process_cpu/);
    assert.equal(agent.ligature('metrics', 'nothing_of_this_name').status, 1);
    assert.match(agent.ligature('log', 'ls', 'kernel').stdout, /^LOGGER +LEVEL\nkernel +\w+\n$/);
    assert.equal(agent.ligature('log', 'ls', 'nobody').status, 1);
    assert.match(agent.ligature('vpp', 'cli', 'show', 'version').stderr, /this agent programs the Linux kernel/);
  });

  let one: AgentProcess | undefined;
  async function shared(): Promise<AgentProcess> {
    one ??= await AgentProcess.open();
    return one;
  }
  test('the shared agent ends in good order', async () => {
    assert.equal(await one?.stop(), 0);
    await one?.[Symbol.asyncDispose]();
  });
});

describe('the command line without an agent', () => {
  test('no agent: exit code 4 and what to do', () => {
    const { status, stderr } = ligature('--state-dir', '/nonexistent', 'status');
    assert.equal(status, 4);
    assert.match(stderr, /no agent answers at .*is the agent running/);
  });

  test('wrong usage: exit code 2 and what would be accepted', () => {
    for (const args of [
      ['confg'],
      ['config', 'apply'],
      ['-f', 'xml', 'status'],
      ['config', 'apply', '--wait', 'nonsense', 'x.yaml'],
      ['--timeout', 'soon', 'status'],
      ['generate', 'vpp.interface'],
      ['completion', 'tcsh'],
      ['values', '--state', 'PENDIN'],
      ['dump', 'all', '--view', 'XX'],
      ['dump', 'all', '--origin', 'XX'],
      ['config', 'history', 'abc'],
      ['config', 'rollback', 'abc'],
      ['config', 'apply', '--source', 'a/b c', 'x.yaml'],
    ]) {
      const { status, stderr } = ligature(...args);
      assert.equal(status, 2, `${args.join(' ')}: ${stderr}`);
    }
    assert.match(ligature('confg').stderr, /config/);
    assert.match(ligature('generate', 'vpp.interface').stderr, /vpp\.interfaces/);
  });

  test('help, samples, schema and completion need no agent', () => {
    assert.match(ligature('--help').stdout, /config +what is wanted/);
    assert.match(ligature('config', 'apply', '--help').stdout, /--confirm <time>/);
    assert.match(ligature('generate', 'vpp.interfaces').stdout, /interfaces:/);
    const schema = JSON.parse(ligature('schema').stdout) as { properties: Record<string, unknown> };
    assert.ok('vppConfig' in schema.properties);
    for (const shell of ['bash', 'zsh', 'fish']) assert.match(ligature('completion', shell).stdout, /ligature/);
  });
});
