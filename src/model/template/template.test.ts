import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { InterfaceSchema } from '../gen/ligato/vpp/interfaces/interface_pb.js';
import { RouteSchema } from '../gen/ligato/vpp/l3/route_pb.js';
import { SteeringSchema } from '../gen/ligato/vpp/srv6/srv6_pb.js';
import { compileTemplate } from './compile.ts';

const route = create(RouteSchema, { vrfId: 2, dstNetwork: '10.1.2.3/16', nextHopAddr: 'fd00:0::1', type: 1 });

const rendered: readonly (readonly [template: string, text: string])[] = [
  ['plain', 'plain'],
  ['', ''],
  ['{{.VrfId}}/{{.vrf_id}}/{{.vrfId}}', '2/2/2'],
  ['{{.Type}}', 'INTER_VRF'],
  ['{{if .OutgoingInterface}}a{{else}}b{{end}}', 'b'],
  ['{{if .OutgoingInterface}}a{{else if eq .VrfId 2}}b{{else}}c{{end}}', 'b'],
  ['{{if and .VrfId (not .Weight)}}x{{end}}', 'x'],
  ['{{with ipnet .DstNetwork}}{{.IP}}|{{.MaskSize}}{{end}}', '10.1.0.0|16'],
  ['{{with ipnet .NextHopAddr}}a{{else}}{{.VrfId}}{{end}}', '2'],
  ['{{ip .NextHopAddr}} {{protoip .NextHopAddr}} {{ip .DstNetwork}}', 'fd00::1 IPv6 <invalid>'],
  ['{{.NextHopAddr | ip | printf "%s-%d" "x"}}', 'x-fd00::1'],
  ['{{printf "100%% %v" .VrfId}}', '100% 2'],
  ['a {{- .VrfId -}} b', 'a2b'],
  ['{{or .OutgoingInterface `none`}}', 'none'],
  ['{{ne .VrfId 2}}', 'false'],
];

for (const [template, text] of rendered) {
  test(`template ${template}`, () => assert.equal(compileTemplate(template, RouteSchema)(route), text));
}

test('fields of nested messages and of oneofs', () => {
  const steering = create(SteeringSchema, { name: 's', policyRef: { case: 'policyBsid', value: 'a::1' } });
  assert.equal(compileTemplate('{{.PolicyBsid}}/{{.PolicyIndex}}', SteeringSchema)(steering), 'a::1/0');
  const tap = create(InterfaceSchema, { name: 't', link: { case: 'tap', value: { version: 2 } } });
  const template = '{{with .Tap}}{{.Version}}{{end}}{{.Tap.HostIfName}}{{with .Memif}}x{{end}}';
  assert.equal(compileTemplate(template, InterfaceSchema)(tap), '2');
});

for (const template of [
  '{{.Nope}}',
  '{{nope .VrfId}}',
  '{{if .VrfId}}',
  '{{end}}',
  '{{else}}',
  '{{.VrfId',
  '{{(.VrfId}}',
  '{{.VrfId .Weight}}',
  '{{ }}',
  '{{range .X}}{{end}}',
]) {
  test(`wrong template ${template}`, () => {
    assert.throws(() => compileTemplate(template, RouteSchema), { name: 'TemplateSyntaxError' });
  });
}
