/** `vpp.nat.nat44-global` in VPP: the plugin is on, and what is done with packets that nothing translates. */

import { create } from '@bufbuild/protobuf';
import { Nat44GlobalSchema } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Nat44Global } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { isVppError } from '../../../vpp/index.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { NAT44_GLOBAL_KEY } from '../model.ts';

const ENABLE = ['nat44_ed_plugin_enable_disable', 'nat44_plugin_enable_disable'] as const;

export function globalHandler(engine: VppEngine): Handler<Nat44Global> {
  const { client } = engine;

  const forward = ({ signal }: OperationContext, enable: boolean) =>
    client.request('nat44_forwarding_enable_disable', { enable }, { signal });

  async function turnOn({ signal }: OperationContext): Promise<void> {
    try {
      const flags = 'NAT44_IS_ENDPOINT_DEPENDENT';
      await client.request(client.pick(...ENABLE), { enable: true, flags }, { signal });
    } catch (error) {
      // On already, by hand or by a request whose outcome nobody knew.
      if (!isVppError(error, 'FEATURE_ALREADY_ENABLED')) throw error;
    }
  }

  return {
    kind: 'vpp.nat.nat44-global',
    engine: 'vpp',
    unsupported: (_key, { endpointIndependent }) =>
      endpointIndependent
        ? 'vpp: endpoint_independent is another plugin of VPP (nat44_ei), which is not programmed; endpoint-dependent mode is'
        : lacking(engine, ENABLE, ['nat44_forwarding_enable_disable'], ['nat44_show_running_config']),
    async create(context, _key, { forwarding }) {
      await turnOn(context);
      await forward(context, forwarding);
    },
    async update(context, _key, _from, { forwarding }) {
      await forward(context, forwarding);
    },
    // VPP forgets all that was configured for NAT then; what depends on this object went before. Forwarding would outlive it.
    async remove(context) {
      await removed(forward(context, false));
      const request = client.request(client.pick(...ENABLE), { enable: false }, { signal: context.signal });
      await removed(request, 'FEATURE_ALREADY_DISABLED');
    },
    retrieve: (context) => retrieve(engine, context),
  };
}

/**
 * While NAT is off its running configuration is empty; while it is on there is a number of sessions, VPP's own (64,512) if none was
 * asked for.
 */
async function retrieve(
  { client }: VppEngine,
  context: RetrieveContext<Nat44Global>,
): Promise<readonly Retrieved<Nat44Global>[]> {
  if (!client.has('nat44_show_running_config')) return [];
  const running = await client.request('nat44_show_running_config', {}, { signal: context.signal });
  if (running.sessions === 0) return [];
  const wanted = context.expected.get(NAT44_GLOBAL_KEY)?.value;
  const value = { ...(wanted ?? create(Nat44GlobalSchema)), forwarding: running.forwarding_enabled };
  return [{ key: NAT44_GLOBAL_KEY, value, metadata: undefined, origin: wanted === undefined ? 'foreign' : 'ours' }];
}
