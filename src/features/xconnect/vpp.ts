/** Cross-connects in VPP: what one interface receives leaves by another. One direction each, as in the model. */

import { create } from '@bufbuild/protobuf';
import { XConnectPairSchema } from '../../model/gen/ligato/vpp/l2/xconnect_pb.js';
import type { XConnectPair } from '../../model/gen/ligato/vpp/l2/xconnect_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { swIfIndexOf } from '../interface/vpp-metadata.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { xconnectKey } from './model.ts';

interface VppXconnect {
  readonly rx_sw_if_index: number;
  readonly tx_sw_if_index: number;
}

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [xconnectHandler(engine) as Handler];
}

function xconnectHandler(engine: VppEngine): Handler<XConnectPair, VppXconnect> {
  const { client } = engine;

  async function connect(context: OperationContext, value: XConnectPair): Promise<VppXconnect> {
    const pair = {
      rx_sw_if_index: swIfIndexOf(context, value.receiveInterface),
      tx_sw_if_index: swIfIndexOf(context, value.transmitInterface),
    };
    await client.request('sw_interface_set_l2_xconnect', { ...pair, enable: true }, { signal: context.signal });
    return pair;
  }

  return {
    kind: 'vpp.l2.xconnect',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['sw_interface_set_l2_xconnect'], ['l2_xconnect_dump']),
    create: (context, _key, value) => connect(context, value),
    update: (context, _key, _from, to) => connect(context, to),
    async remove({ signal }, _key, _value, pair) {
      await removed(client.request('sw_interface_set_l2_xconnect', { ...pair, enable: false }, { signal }));
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<XConnectPair, VppXconnect>,
): Promise<readonly Retrieved<XConnectPair, VppXconnect>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const retrieved: Retrieved<XConnectPair, VppXconnect>[] = [];
  for (const pair of await dump.list('l2_xconnect_dump', {})) {
    // Frames that SRv6 steers are listed, too: connected to local0, which takes nothing.
    if (pair.tx_sw_if_index === 0) continue;
    const receiveInterface = interfaces.nameOf(pair.rx_sw_if_index);
    const key = xconnectKey(receiveInterface);
    if (context.keys && !context.keys.has(key)) continue;
    const transmitInterface = interfaces.nameOf(pair.tx_sw_if_index);
    const isOurs = context.expected.has(key) || (interfaces.at(pair.rx_sw_if_index)?.tag ?? '') !== '';
    retrieved.push({
      key,
      value: create(XConnectPairSchema, { receiveInterface, transmitInterface }),
      metadata: { rx_sw_if_index: pair.rx_sw_if_index, tx_sw_if_index: pair.tx_sw_if_index },
      origin: isOurs ? 'ours' : 'foreign',
    });
  }
  return retrieved;
}
