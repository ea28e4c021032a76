/** `vpp.ipfix.flowprobe-params` in VPP: what all records have, and when they are sent. */

import { create } from '@bufbuild/protobuf';
import { FlowProbeParamsSchema } from '../../../model/gen/ligato/vpp/ipfix/flowprobe_pb.js';
import type { FlowProbeParams } from '../../../model/gen/ligato/vpp/ipfix/flowprobe_pb.js';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { flowprobeRecordFlags } from '../../../vpp/index.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { FLOWPROBE_PARAMS_KEY } from '../model.ts';

const {
  FLOWPROBE_RECORD_FLAG_L2: L2,
  FLOWPROBE_RECORD_FLAG_L3: L3,
  FLOWPROBE_RECORD_FLAG_L4: L4,
} = flowprobeRecordFlags;

/** No update: VPP refuses (UNSUPPORTED) while an interface is recorded. Interfaces depend on the parameters, so they go and come with them. */
export function paramsHandler(engine: VppEngine): Handler<FlowProbeParams, undefined> {
  const { client } = engine;
  return {
    kind: 'vpp.ipfix.flowprobe-params',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['flowprobe_set_params'], ['flowprobe_get_params']),
    async create({ signal }, _key, value) {
      const record_flags = (value.recordL2 ? L2 : 0) | (value.recordL3 ? L3 : 0) | (value.recordL4 ? L4 : 0);
      const fields = { record_flags, active_timer: value.activeTimer, passive_timer: value.passiveTimer };
      await client.request('flowprobe_set_params', fields, { signal });
      return undefined;
    },
    async remove({ signal }) {
      const fields = { record_flags: 0, active_timer: NO_INDEX, passive_timer: NO_INDEX };
      await client.request('flowprobe_set_params', fields, { signal });
    },
    retrieve: (context) => retrieve(engine, context),
  };
}

async function retrieve(
  { client }: VppEngine,
  { expected, signal }: RetrieveContext<FlowProbeParams, undefined>,
): Promise<readonly Retrieved<FlowProbeParams, undefined>[]> {
  // Parameters that nobody of us expects are not ours.
  if (expected.size === 0 || !client.has('flowprobe_get_params')) return [];
  const found = await client.request('flowprobe_get_params', {}, { signal });
  const { record_flags: flags } = found;
  if (flags === 0) return [];
  const value: FlowProbeParams = {
    ...(expected.get(FLOWPROBE_PARAMS_KEY)?.value ?? create(FlowProbeParamsSchema, {})),
    recordL2: (flags & L2) !== 0,
    recordL3: (flags & L3) !== 0,
    recordL4: (flags & L4) !== 0,
    activeTimer: found.active_timer,
    passiveTimer: found.passive_timer,
  };
  return [{ key: FLOWPROBE_PARAMS_KEY, value, metadata: undefined, origin: 'ours' }];
}
