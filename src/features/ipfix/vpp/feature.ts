/** `vpp.ipfix.flowprobe-feature` in VPP: an interface whose outgoing packets are recorded. */

import { create } from '@bufbuild/protobuf';
import { FlowProbeFeatureSchema } from '../../../model/gen/ligato/vpp/ipfix/flowprobe_pb.js';
import type { FlowProbeFeature } from '../../../model/gen/ligato/vpp/ipfix/flowprobe_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { Messages } from '../../../vpp/index.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { flowProbeFeatureKey } from '../model.ts';

type Recorded = Pick<Messages['flowprobe_interface_details'], 'which' | 'direction' | 'sw_if_index'>;

/** No update: VPP refuses a second sort of packets, and another direction, on an interface. */
export function featureHandler(engine: VppEngine): Handler<FlowProbeFeature, Recorded> {
  const addOrDelete = ({ signal }: OperationContext, recorded: Recorded, is_add: boolean) =>
    engine.client.request('flowprobe_interface_add_del', { ...recorded, is_add }, { signal });
  return {
    kind: 'vpp.ipfix.flowprobe-feature',
    engine: 'vpp',
    unsupported: (_key, value) =>
      lacking(engine, ['flowprobe_interface_add_del'], ['flowprobe_interface_dump']) ?? tooMuch(value),
    async create(context, _key, value) {
      const recorded = {
        which: whichOf(value),
        direction: 'FLOWPROBE_DIRECTION_TX' as const,
        sw_if_index: swIfIndexOf(context, value.interface),
      };
      await addOrDelete(context, recorded, true);
      return recorded;
    },
    remove: (context, _key, _value, recorded) => removed(addOrDelete(context, recorded, false)),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

function tooMuch({ l2, ip4, ip6 }: FlowProbeFeature): string | undefined {
  if (Number(l2) + Number(ip4) + Number(ip6) === 1) return undefined;
  return 'vpp: an interface is recorded for one sort of packets: l2, ip4 or ip6';
}

function whichOf({ l2, ip6 }: FlowProbeFeature): Recorded['which'] {
  if (l2) return 'FLOWPROBE_WHICH_L2';
  return ip6 ? 'FLOWPROBE_WHICH_IP6' : 'FLOWPROBE_WHICH_IP4';
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<FlowProbeFeature, Recorded>,
): Promise<readonly Retrieved<FlowProbeFeature, Recorded>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const retrieved: Retrieved<FlowProbeFeature, Recorded>[] = [];
  for (const { which, direction, sw_if_index } of await dump.list('flowprobe_interface_dump', {
    sw_if_index: NO_INDEX,
  })) {
    const name = interfaces.nameOf(sw_if_index);
    const key = flowProbeFeatureKey(name);
    if (context.keys && !context.keys.has(key)) continue;
    // What comes in is recorded by somebody else: nothing of ours asks for it.
    const isOut = direction === 'FLOWPROBE_DIRECTION_TX';
    const value = create(FlowProbeFeatureSchema, {
      interface: name,
      l2: isOut && which === 'FLOWPROBE_WHICH_L2',
      ip4: isOut && which === 'FLOWPROBE_WHICH_IP4',
      ip6: isOut && which === 'FLOWPROBE_WHICH_IP6',
    });
    const isOurs = context.expected.has(key) || (interfaces.at(sw_if_index)?.tag ?? '') !== '';
    const metadata = { which, direction, sw_if_index };
    retrieved.push({ key, value, metadata, origin: isOurs ? 'ours' : 'foreign' });
  }
  return retrieved;
}
