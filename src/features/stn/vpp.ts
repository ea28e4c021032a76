/**
 * Addresses of the host behind a card that VPP owns: packets to them go out of the interface to the host.
 *
 * With the first rule VPP starts to punt all UDP and TCP packets that nobody takes, and goes on with that after the last one went.
 */

import { create } from '@bufbuild/protobuf';
import { RuleSchema } from '../../model/gen/ligato/vpp/stn/stn_pb.js';
import type { Rule } from '../../model/gen/ligato/vpp/stn/stn_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { spelledIp } from '../equality.ts';
import { swIfIndexOf } from '../interface/vpp-metadata.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { stnRuleKey } from './model.ts';

interface VppStnRule {
  readonly swIfIndex: number;
}

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [ruleHandler(engine) as Handler];
}

/** No update: address and interface are the key. */
function ruleHandler(engine: VppEngine): Handler<Rule, VppStnRule> {
  const addOrDelete = ({ signal }: OperationContext, { ipAddress }: Rule, swIfIndex: number, is_add: boolean) => {
    const fields = { ip_address: ipAddress, sw_if_index: swIfIndex, is_add };
    return engine.client.request('stn_add_del_rule', fields, { signal });
  };
  return {
    kind: 'vpp.stn.rule',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['stn_add_del_rule'], ['stn_rules_dump']),
    async create(context, _key, value) {
      const swIfIndex = swIfIndexOf(context, value.interface);
      // VPP replaces the interface of a rule for the same address without a word; the kind's claims keep ours apart.
      await addOrDelete(context, value, swIfIndex, true);
      return { swIfIndex };
    },
    remove: (context, _key, value, { swIfIndex }) => removed(addOrDelete(context, value, swIfIndex, false)),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<Rule, VppStnRule>,
): Promise<readonly Retrieved<Rule, VppStnRule>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const placeOf = (name: string, address: string) => `${name} ${spelledIp(address)}`;
  const expected = new Map(
    [...context.expected].map(([key, { value }]) => [placeOf(value.interface, value.ipAddress), { key, value }]),
  );
  const retrieved: Retrieved<Rule, VppStnRule>[] = [];
  for (const { ip_address, sw_if_index } of await dump.list('stn_rules_dump', {})) {
    const name = interfaces.nameOf(sw_if_index);
    const known = expected.get(placeOf(name, ip_address));
    const key = known?.key ?? stnRuleKey(name, ip_address);
    if (context.keys && !context.keys.has(key)) continue;
    const value = known?.value ?? create(RuleSchema, { ipAddress: ip_address, interface: name });
    const isOurs = known !== undefined || (interfaces.at(sw_if_index)?.tag ?? '') !== '';
    retrieved.push({ key, value, metadata: { swIfIndex: sw_if_index }, origin: isOurs ? 'ours' : 'foreign' });
  }
  return retrieved;
}
