/** `vpp.srv6.steering` in VPP. A policy must not go before what is steered into it: VPP would follow a pointer to nothing. */

import { create } from '@bufbuild/protobuf';
import { SteeringSchema } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Steering } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { GraphView, Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { Messages } from '../../../vpp/index.ts';
import { spelledNetwork } from '../../equality.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { steeringKey } from '../model.ts';
import { explained } from './refusal.ts';

const GONE = -4;
const MEANINGS = {
  [-2]: 'there is no such policy',
  [-3]: 'frames can be taken from Ethernet interfaces only',
  [-5]: 'IPv4 packets and frames need a policy with srh_encapsulation',
} as const;

/** What VPP finds a steering by. */
type Traffic = Readonly<Pick<Messages['sr_steering_pol_details'], 'traffic_type' | 'prefix' | 'sw_if_index'>> & {
  readonly table_id: number;
};

export function steeringHandler(engine: VppEngine): Handler<Steering, Traffic> {
  const set = ({ signal }: OperationContext, value: Steering, traffic: Traffic, is_del: boolean) => {
    const bsid_addr = value.policyRef.case === 'policyBsid' ? value.policyRef.value : '::';
    const fields = { ...traffic, is_del, bsid_addr, sr_policy_index: NO_INDEX };
    return engine.client.request('sr_steering_add_del', fields, { signal });
  };
  return {
    kind: 'vpp.srv6.steering',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['sr_steering_add_del'], ['sr_steering_pol_dump']),
    async create(context, _key, value) {
      const traffic = trafficOf(context, value);
      await explained(set(context, value, traffic, false), MEANINGS);
      return traffic;
    },
    remove: (context, _key, value, traffic) => explained(set(context, value, traffic, true), MEANINGS, GONE),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.srv6.policy'],
  };
}

function trafficOf(graph: GraphView, { traffic }: Steering): Traffic {
  if (traffic.case === 'l2Traffic') {
    const sw_if_index = swIfIndexOf(graph, traffic.value.interfaceName);
    return { traffic_type: 'SR_STEER_API_L2', sw_if_index, prefix: '::/0', table_id: 0 };
  }
  const { prefixAddress = '', installationVrfId = 0 } = traffic.value ?? {};
  const prefix = spelledNetwork(prefixAddress);
  const traffic_type = prefix.includes(':') ? 'SR_STEER_API_IPV6' : 'SR_STEER_API_IPV4';
  return { traffic_type, sw_if_index: NO_INDEX, prefix, table_id: installationVrfId };
}

/** VPP keeps interface and prefix in the same place: only the one that counts is read. */
function placeOf({ traffic_type, prefix, sw_if_index, table_id }: Traffic): string {
  return traffic_type === 'SR_STEER_API_L2' ? `interface ${sw_if_index}` : `${spelledNetwork(prefix)} ${table_id}`;
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<Steering, Traffic>,
): Promise<readonly Retrieved<Steering, Traffic>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const expected = new Map<string, readonly [ReturnType<typeof steeringKey>, Steering]>();
  for (const [key, { value }] of context.expected) {
    try {
      expected.set(placeOf(trafficOf(context, value)), [key, value]);
    } catch {
      // Its interface is not there, so VPP cannot have it.
    }
  }
  const retrieved: Retrieved<Steering, Traffic>[] = [];
  for (const { traffic_type, fib_table, prefix, sw_if_index, bsid } of await dump.list('sr_steering_pol_dump', {})) {
    const isFrames = traffic_type === 'SR_STEER_API_L2';
    const traffic: Traffic = isFrames
      ? { traffic_type, sw_if_index, prefix: '::/0', table_id: 0 }
      : { traffic_type, sw_if_index: NO_INDEX, prefix: prefixOf(traffic_type, prefix), table_id: fib_table };
    const known = expected.get(placeOf(traffic));
    // VPP knows no names.
    const name = known?.[1].name ?? placeOf(traffic).replaceAll(/[ /]/g, '-');
    const key = known?.[0] ?? steeringKey(name);
    if (context.keys && !context.keys.has(key)) continue;
    const value = create(SteeringSchema, {
      name,
      policyRef: { case: 'policyBsid', value: bsid },
      traffic: isFrames
        ? { case: 'l2Traffic', value: { interfaceName: interfaces.nameOf(sw_if_index) } }
        : { case: 'l3Traffic', value: { prefixAddress: traffic.prefix, installationVrfId: fib_table } },
    });
    retrieved.push({ key, value, metadata: traffic, origin: known ? 'ours' : 'foreign' });
  }
  return retrieved;
}

/** A network of IPv6 that begins with 96 zeros is listed as one of IPv4. */
function prefixOf(type: Traffic['traffic_type'], prefix: string): string {
  return type === 'SR_STEER_API_IPV6' && !prefix.includes(':') ? `::${prefix}` : prefix;
}
