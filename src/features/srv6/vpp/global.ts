/** `vpp.srv6.srv6-global` in VPP: the source address of outer headers, which VPP does not tell. */

import type { SRv6Global } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Handler, OperationContext } from '../../../scheduler/handler.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';

export function globalHandler(engine: VppEngine): Handler<SRv6Global, undefined> {
  const { client } = engine;
  const set = async ({ signal }: OperationContext, encaps_source: string): Promise<undefined> => {
    await client.request('sr_set_encap_source', { encaps_source }, { signal });
    return undefined;
  };
  return {
    kind: 'vpp.srv6.srv6-global',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['sr_set_encap_source'], ['cli_inband']),
    create: (context, _key, value) => set(context, value.encapSourceAddress),
    update: (context, _key, _from, to) => set(context, to.encapSourceAddress),
    async remove(context) {
      await set(context, '::');
    },
    async retrieve({ expected, signal }) {
      // A source that nobody of us expects is not ours.
      if (expected.size === 0 || !client.has('cli_inband')) return [];
      // No message reads it: `SR encaps source addr` of the command line does.
      const { reply } = await client.request('cli_inband', { cmd: 'show sr encaps source addr' }, { signal });
      const address = /=\s*([0-9a-fA-F:.]+)/.exec(reply)?.[1];
      if (address === undefined || address === '::') return [];
      return Array.from(expected, ([key, { value }]) => ({
        key,
        value: { ...value, encapSourceAddress: address },
        metadata: undefined,
        origin: 'ours' as const,
      }));
    },
  };
}
