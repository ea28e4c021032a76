import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createModelRegistry } from '../index.ts';
import { arbitraryJson } from '../testing.ts';
import {
  ConfigurationError,
  formatConfiguration,
  formatProblem,
  parseConfiguration,
  parseConfigurationAsync,
} from './index.ts';

const registry = createModelRegistry();
const parse = (input: string | Uint8Array, maxBytes?: number) =>
  parseConfiguration(input, { file: 'f.yaml', registry, ...(maxBytes === undefined ? {} : { maxBytes }) });

function problemsOf(input: string | Uint8Array, maxBytes?: number): string[] {
  try {
    parse(input, maxBytes);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.problems.map(formatProblem);
  }
  return [];
}

const sample = `
vppConfig:
  interfaces:
    - name: tap1
      type: TAP
      ip_addresses: [10.0.0.1/24]   # a comment
      tap: { version: 2, hostIfName: tap }
  bridgeDomains:
    - name: bd1
      interfaces:
        - name: tap1
  proxy_arp:
    interfaces: [{ name: tap1 }]
  wg_peers:
    - { wg_if_name: wg1, endpoint: 10.0.0.2, port: 1 }
linux_config:
  routes:
    - { outgoing_interface: v, scope: GLOBAL, dst_network: 10.1.0.0/16 }
netallocConfig:
  ipAddresses:
    - { networkName: n, interfaceName: tap1, address: 10.0.0.1/24 }
`;

const sampleKeys = [
  'config/vpp/v2/interfaces/tap1',
  'config/vpp/l2/v2/bridge-domain/bd1',
  'config/vpp/v2/proxyarp-global',
  'config/vpp/wg/v1/peer/wg1/endpoint/10.0.0.2/1',
  'config/linux/l3/v2/route/10.1.0.0/16/v',
  'config/netalloc/v1/ip/network/n/interface/tap1',
];

test('reads both spellings and aliases of names, in the order of the file', () => {
  const { values } = parse(sample);
  assert.deepEqual(
    values.map((one) => one.key),
    sampleKeys,
  );
  assert.equal(values[0]!.model.name, 'vpp.interfaces');
});

test('YAML and JSON, bytes and text, byte order mark', () => {
  const json = formatConfiguration(
    parse(sample).values.map((one) => one.value),
    'json',
    { registry },
  );
  for (const input of [json, json.replaceAll('  ', '\t'), `\uFEFF${json}`, new TextEncoder().encode(`\uFEFF${json}`)]) {
    assert.deepEqual(
      parse(input)
        .values.map((one) => one.key)
        .sort(),
      [...sampleKeys].sort(),
    );
  }
});

test('every way to write a configuration reads back equal', () => {
  const values = fc
    .constantFrom(...registry.models('config'))
    .chain((model) => arbitraryJson(model.message).map((json) => ({ model, value: model.decoder(json).value })));
  fc.assert(
    fc.property(fc.array(values, { maxLength: 6 }), (objects) => {
      const byKey = new Map<string, object>();
      for (const { model, value } of objects) {
        try {
          if (value !== undefined) byKey.set(model.keyOf(value), value);
        } catch {
          continue; // no name: cannot stand in a configuration
        }
      }
      const messages = [...byKey.values()] as Parameters<typeof registry.keyOf>[0][];
      for (const names of ['json', 'proto'] as const) {
        for (const format of ['yaml', 'json'] as const) {
          for (const defaults of [false, true]) {
            const text = formatConfiguration(messages, format, { registry, names, defaults });
            const read = new Map(parse(text).values.map((one) => [one.key, one.value]));
            assert.deepEqual(read, byKey);
          }
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('nothing at all is an empty configuration', () => {
  for (const text of [
    '',
    '# only a comment\n',
    '{}',
    '---\n',
    'vppConfig:\n',
    'vppConfig:\n  interfaces:\n  proxyArp:\n',
  ]) {
    assert.deepEqual(parse(text).values, []);
  }
});

test('all problems of a file, each with line, column and path', () => {
  const text = `vppConfig:
  interfaces:
    - name: tap1
      type: TAPP
      ip_addresses: [10.0.0.1/24, 5]
      vxlan: {vni: -1, foo: 2}
    - name: a
    - type: TAP
    - name: a
  bridgeDomain: []
  proxy_arp: []
  routes: {}
linux_config: 1
vpp_confg: {}
`;
  const [type, ...others] = problemsOf(text);
  assert.match(type!, /^f.yaml:4:13: vppConfig.interfaces\[0\].type: text "TAPP" is none of .*; did you mean `TAP`\?$/);
  assert.deepEqual(others, [
    'f.yaml:5:35: vppConfig.interfaces[0].ip_addresses[1]: number 5 is no text (in YAML: "5")',
    'f.yaml:6:20: vppConfig.interfaces[0].vxlan.vni: number -1 is no whole number 0 to 4294967295',
    'f.yaml:6:24: vppConfig.interfaces[0].vxlan.foo: there is no such field in VxlanLink',
    'f.yaml:8:7: vppConfig.interfaces[2]: has no name: keys of vpp.interfaces are made of {{.Name}}',
    'f.yaml:9:7: vppConfig.interfaces[3]: is the same object as in line 7 (Interface a)',
    'f.yaml:10:3: vppConfig.bridgeDomain: there is no such field; did you mean `bridge_domains`?',
    'f.yaml:11:14: vppConfig.proxy_arp: a list is no object: there is one ProxyARP only',
    'f.yaml:12:11: vppConfig.routes: an object is no list of Route objects',
    'f.yaml:13:15: linux_config: number 1 is no object with interfaces, arp_entries, arpEntries, routes, RuleChain, rule_chains, ruleChains',
    'f.yaml:14:1: vpp_confg: there is no such field; did you mean `vppConfig`?',
  ]);
});

test('names given twice', () => {
  assert.deepEqual(problemsOf('vppConfig:\n  arps: []\n  arps: []\nvppConfig: {}\n'), [
    'f.yaml:3:3: vppConfig.arps: is given twice, first in line 2',
    'f.yaml:4:1: vppConfig: is given twice, first in line 1',
  ]);
  assert.deepEqual(problemsOf('{"vppConfig":\n {"arps":[{"interface":"a", "interface":"b"}]}}'), [
    'f.yaml:2:29: vppConfig.arps[0].interface: is given twice, first in line 2',
  ]);
  assert.deepEqual(problemsOf('vppConfig:\n  proxyArp: {}\n  proxy_arp: {}\nvpp_config: {}\n'), [
    'f.yaml:3:3: vppConfig.proxy_arp: is given twice, as proxyArp and as proxy_arp',
    'f.yaml:4:1: vpp_config: is given twice, as vppConfig and as vpp_config',
  ]);
  assert.deepEqual(problemsOf('vppConfig:\n  routes:\n  - dst_network: 1.0.0.0/8\n    vrfId: 1\n    vrf_id: 2'), [
    'f.yaml:5:5: vppConfig.routes[0].vrf_id: is given twice, as vrf_id and as vrfId',
  ]);
});

test('text that is no YAML', () => {
  assert.deepEqual(problemsOf('a: [1, 2\nb: 3'), ['f.yaml:2:1: deficient indentation']);
  assert.deepEqual(problemsOf('a:\n\t- b'), ['f.yaml:2:1: tab characters must not be used in indentation']);
  assert.deepEqual(problemsOf('a: *x'), ['f.yaml:1:5: unidentified alias "x"']);
  assert.deepEqual(problemsOf('- 1').length, 1);
  assert.deepEqual(problemsOf('---\nvppConfig: {}\n---\nlinuxConfig: {}\n'), [
    'f.yaml:1:1: has several documents (---); one is accepted',
  ]);
  assert.equal(problemsOf('['.repeat(5000)).length, 1);
});

test('bytes that are no UTF-8', () => {
  const bytes = (...parts: (string | number)[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));
  const where = (...parts: (string | number)[]) => problemsOf(bytes(...parts))[0]!;
  assert.equal(where('a: é\nü', 0xff, 'x'), 'f.yaml:2:2: is not UTF-8: unexpected byte 0xff');
  assert.equal(where('a: ', 0xe9, ' x\n'), 'f.yaml:1:4: is not UTF-8: unexpected byte 0xe9');
  assert.equal(where('a\n', 0xe2, 0x82), 'f.yaml:2:1: is not UTF-8: unexpected byte 0xe2');
  assert.equal(where(0xff, 0xfe, 'a', 0), 'f.yaml:1:1: is UTF-16; save it as UTF-8');
});

test('too large input', () => {
  assert.match(problemsOf('a: "bcd"', 5)[0]!, /is 8 bytes large, 5 are accepted/);
  assert.match(problemsOf(`x: [${'1,'.repeat(25 * 2 ** 20)}]`)[0]!, /holds about \d+ values, \d+ fit into the memory/);
});

test('too many objects', () => {
  const input = 'vppConfig: { interfaces: [{ name: a }, { name: b }], arps: [{ name: c }] }';
  const read = (maxObjects: number) => () => parseConfiguration(input, { file: 'f.yaml', registry, maxObjects });
  assert.throws(read(2), {
    message: 'f.yaml:1:1: has 3 objects, 2 are accepted in one transaction; apply it in parts',
  });
  // Three are taken: what is wrong with them is told.
  assert.throws(read(3), /arps\[0\]/);
});

test('aliases and merge keys', () => {
  const shared = `
vppConfig:
  interfaces:
    - &base { name: a, type: TAP, mtu: 1400 }
    - <<: *base
      name: b
    - { <<: *base, name: c, enabled: 1 }
`;
  assert.deepEqual(problemsOf(shared), [
    'f.yaml:7:38: vppConfig.interfaces[2].enabled: number 1 is neither true nor false',
  ]);
  const { values } = parse(shared.replace(', enabled: 1', ''));
  assert.deepEqual(
    values.map(({ value }) => 'mtu' in value && value.mtu),
    [1400, 1400, 1400],
  );
  const lists = `{weight: 1},`.repeat(2000);
  const policies = Array.from({ length: 2000 }, (_, index) => `  - {bsid: "a::${index}", segment_lists: *l}\n`).join(
    '',
  );
  const bomb = `vppConfig:\n  srv6_policies:\n  - {bsid: "b::", segment_lists: &l [${lists}]}\n${policies}`;
  assert.match(problemsOf(bomb)[0]!, /aliases in it stand for too many values/);
});

test('reading stops at a hundred problems', () => {
  const text = `vppConfig:\n  routes:\n${'  - { x: 1 }\n'.repeat(5000)}`;
  assert.throws(
    () => parse(text),
    (error: ConfigurationError) => error.truncated && error.problems.length === 100,
  );
});

test('objects and fields are located for errors found later', () => {
  const configuration = parse(sample);
  const at = (index: number, field?: string) => {
    const place = configuration.locate(configuration.values[index]!.key, field)!;
    return `${place.line}:${place.column} ${place.path}`;
  };
  assert.equal(at(0), '4:7 vppConfig.interfaces[0]');
  assert.equal(at(0, 'ip_addresses[0]'), '6:22 vppConfig.interfaces[0].ip_addresses[0]');
  assert.equal(at(0, 'tap.host_if_name'), '7:38 vppConfig.interfaces[0].tap.host_if_name');
  assert.equal(at(0, 'tap.rx_ring_size'), '7:12 vppConfig.interfaces[0].tap.rx_ring_size');
  assert.equal(at(0, 'mtu'), '4:7 vppConfig.interfaces[0].mtu');
  assert.equal(at(2, 'interfaces[0].name'), '13:26 vppConfig.proxy_arp.interfaces[0].name');
  assert.equal(configuration.locate('config/vpp/v2/interfaces/nope' as never), undefined);
});

test('in slices: the same values, the same errors, can be aborted', async () => {
  const options = { file: 'f.yaml', registry, slice: 0.05 };
  const { values } = await parseConfigurationAsync(sample, options);
  assert.deepEqual(values, parse(sample).values);
  await assert.rejects(parseConfigurationAsync('vppConfig:\n  x: 1\n', options), { name: 'ConfigurationError' });
  const routes = Array.from({ length: 5000 }, (_, index) => `  - {vrf_id: ${index}}\n`).join('');
  const stop = new AbortController();
  const reading = parseConfigurationAsync(`vppConfig:\n  routes:\n${routes}`, { ...options, signal: stop.signal });
  setImmediate(() => stop.abort(new Error('enough')));
  await assert.rejects(reading, { message: 'enough' });
});

test('names that JavaScript objects have are names like others', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  for (const name of names) {
    assert.match(
      problemsOf(`{"vppConfig": {"arps": [{"${name}": 1}]}}`)[0]!,
      /there is no such field in ARPEntry/,
      name,
    );
    assert.match(problemsOf(`{"${name}": 1}`)[0]!, /there is no such field/, name);
  }
});
