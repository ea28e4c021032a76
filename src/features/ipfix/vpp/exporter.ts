/** `vpp.ipfix.ipfix` in VPP: exporter 0, which is always there and is off while its collector is 0.0.0.0. */

import { create } from '@bufbuild/protobuf';
import { IPFIXSchema } from '../../../model/gen/ligato/vpp/ipfix/ipfix_pb.js';
import type { IPFIX } from '../../../model/gen/ligato/vpp/ipfix/ipfix_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { IPFIX_DEFAULTS, IPFIX_KEY } from '../model.ts';

const NONE = '0.0.0.0';

export function exporterHandler(engine: VppEngine): Handler<IPFIX, undefined> {
  const set = async ({ signal }: OperationContext, value: IPFIX): Promise<undefined> => {
    const fields = {
      collector_address: value.collector?.address ?? NONE,
      collector_port: value.collector?.port || IPFIX_DEFAULTS.port,
      src_address: value.sourceAddress,
      vrf_id: value.vrfId,
      path_mtu: value.pathMtu || IPFIX_DEFAULTS.pathMtu,
      template_interval: value.templateInterval || IPFIX_DEFAULTS.templateInterval,
    };
    await engine.client.request('set_ipfix_exporter', fields, { signal });
    return undefined;
  };
  return {
    kind: 'vpp.ipfix.ipfix',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['set_ipfix_exporter'], ['ipfix_exporter_dump']),
    create: (context, _key, value) => set(context, value),
    update: (context, _key, _from, to) => set(context, to),
    async remove({ signal }) {
      const { port, pathMtu, templateInterval } = IPFIX_DEFAULTS;
      const fields = {
        collector_address: NONE,
        collector_port: port,
        src_address: NONE,
        vrf_id: NO_INDEX,
        path_mtu: pathMtu,
        template_interval: templateInterval,
      };
      await engine.client.request('set_ipfix_exporter', fields, { signal });
    },
    retrieve: (context) => retrieve(engine, context),
  };
}

async function retrieve(
  engine: VppEngine,
  { session, expected }: RetrieveContext<IPFIX, undefined>,
): Promise<readonly Retrieved<IPFIX, undefined>[]> {
  const [found] = await vppDump(engine, session).list('ipfix_exporter_dump', {});
  if (found === undefined || found.collector_address === NONE) return [];
  const wanted = expected.get(IPFIX_KEY)?.value ?? create(IPFIXSchema, {});
  const { collector } = create(IPFIXSchema, {
    collector: { address: found.collector_address, port: found.collector_port },
  });
  const value: IPFIX = {
    ...wanted,
    collector,
    sourceAddress: found.src_address,
    vrfId: found.vrf_id === NO_INDEX ? 0 : found.vrf_id,
    pathMtu: found.path_mtu,
    templateInterval: found.template_interval,
  };
  return [{ key: IPFIX_KEY, value, metadata: undefined, origin: 'ours' }];
}
