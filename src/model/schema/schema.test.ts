import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { load } from 'js-yaml';
import { ReasonSchema } from '../gen/ligato/vpp/punt/punt_pb.js';
import { createModelRegistry } from '../index.ts';
import { configurationSchema, describeElement, type FieldNames, sampleFile, sampleObject } from './index.ts';

type Validator = ((value: unknown) => boolean) & { errors?: unknown };
const { Ajv } = createRequire(import.meta.url)('ajv') as {
  Ajv: new (options: object) => { compile(schema: object): Validator };
};

const registry = createModelRegistry();

function validator(names: FieldNames): Validator {
  return new Ajv({ strict: false }).compile(configurationSchema({ registry, names }));
}

const both = validator('both');

function accepts(value: object): void {
  assert.ok(both(value), JSON.stringify(both.errors));
}

function refuses(value: object): void {
  assert.equal(both(value), false, JSON.stringify(value));
}

test('accepts configurations in both spellings and with aliases', () => {
  const interfaces = [
    { name: 'tap1', type: 'TAP', ip_addresses: ['10.0.0.1/24', 'fd00::1/64', 'alloc:net1/tap1'], tap: {} },
  ];
  accepts({ vppConfig: { interfaces, bridgeDomains: [{ name: 'b' }], proxy_arp: {}, wg_peers: [], Peer_list: [] } });
  accepts({
    vpp_config: { bridge_domains: [{ name: 'b', macAge: 3 }], vrrps: [], stnRules: [] },
    linuxConfig: { ruleChains: [] },
  });
  accepts({ vppConfig: { interfaces: [{ type: 5, mtu: 9216, physAddress: '' }] } });
  accepts({});
});

test('refuses what the agent refuses', () => {
  refuses({ vppConfg: {} });
  refuses({ vppConfig: { interfaces: {} } });
  refuses({ vppConfig: { interfaces: [{ nmae: 'x' }] } });
  refuses({ vppConfig: { interfaces: [{ type: 'TAPP' }] } });
  refuses({ vppConfig: { interfaces: [{ type: 77 }] } });
  refuses({ vppConfig: { interfaces: [{ mtu: 70000 }] } });
  refuses({ vppConfig: { interfaces: [{ tap: {}, vxlan: {} }] } });
  refuses({ vppConfig: { interfaces: [{ ip_addresses: ['10.0.0.1/33'] }] } });
  refuses({ vppConfig: { interfaces: [{ ip_addresses: ['10.0.0.1'] }] } });
  refuses({ vppConfig: { arps: [{ ipAddress: '10.0.0.300' }] } });
  refuses({ vppConfig: { srv6_localsids: [{ sid: '10.0.0.1' }] } });
  refuses({ vppConfig: { proxy_arp: [] } });
  refuses({ linuxConfig: { routes: [{ metric: -1 }] } });
});

test('one spelling only', () => {
  const proto = { vppConfig: { bridge_domains: [{ mac_age: 1 }] } };
  const json = { vppConfig: { bridgeDomains: [{ macAge: 1 }] } };
  assert.deepEqual([validator('onlyproto')(proto), validator('onlyproto')(json)], [true, false]);
  assert.deepEqual([validator('onlyjson')(proto), validator('onlyjson')(json)], [false, true]);
});

for (const model of registry.models()) {
  test(`sample of ${model.name}`, () => {
    for (const names of ['json', 'proto'] as const) {
      const sample = sampleObject(model, { registry, names });
      assert.deepEqual(model.decoder(sample).problems, []);
      const place = model.config;
      const wrapped =
        place === undefined
          ? sample
          : {
              [place.group]: {
                [names === 'proto' ? place.field : place.jsonField]: model.singleton ? sample : [sample],
              },
            };
      assert.deepEqual(load(sampleFile(model, { registry, names })), wrapped);
      if (place !== undefined) accepts(wrapped);
    }
  });

  test(`every field of ${model.name} is described`, () => {
    for (const field of model.message.fields)
      assert.ok(describeElement(field), `${model.message.typeName}.${field.name}`);
    assert.ok(describeElement(model.message));
  });
}

test('other members of a oneof stand in the sample, commented out', () => {
  const text = sampleFile(registry.model('vpp.interfaces'), { registry });
  assert.match(text, /^ {6}sub:$/m);
  assert.match(text, /^ {6}# vxlan:$/m);
  assert.match(text, /^ {6}# {3}vni: 0$/m);
});

test('models of applications bring their descriptions', () => {
  const spec = { module: 'example', type: 'reason' };
  const descriptions = { 'ligato.vpp.punt.Reason.name': 'What it is called.' };
  const own = createModelRegistry([{ spec, message: ReasonSchema, descriptions }]);
  const schema = configurationSchema({ registry: own });
  assert.equal(schema.definitions!['ligato.vpp.punt.Reason']!.properties!['name']!.description, 'What it is called.');
  assert.match(
    sampleFile(own.model('example.reason'), { registry: own }),
    /^ {4}# What it is called\.\n {4}- name: ''$/m,
  );
});
