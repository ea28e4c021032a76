/** `vpp.ipsec.sa` in the Linux kernel. */

import type { SecurityAssociation } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Key } from '../../../model/key.ts';
import { listStates } from '../../../kernel/netlink/xfrm-state.ts';
import type { State } from '../../../kernel/netlink/xfrm-state.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { TUNNEL_PROTECTION_PREFIX } from '../model.ts';
import { byRequestId, findState, isSameState, specOf, tunnelOf } from './associations.ts';
import type { Associations } from './associations.ts';

export function associationHandler(
  engine: KernelEngine,
  associations: Associations,
  lacking: () => string | undefined,
): Handler<SecurityAssociation, object> {
  return {
    kind: 'vpp.ipsec.sa',
    engine: 'kernel',
    support: { grade: 'proven', needs: ['esp'] },
    unsupported: () => {
      const lack = lacking();
      return lack === undefined ? undefined : `kernel: ${lack}`;
    },
    async create(context, key, value) {
      await associations.declare(value, !protectsTunnel(context, key));
      return {};
    },
    remove: (_context, _key, value) => associations.withdraw(value),
    retrieve: (context) => retrieve(engine, associations, context),
  };
}

/** An association that protects a tunnel interface encrypts what that has packed already. */
function protectsTunnel(graph: GraphView, key: Key): boolean {
  for (const [user] of graph.dependants(key)) if (user.startsWith(TUNNEL_PROTECTION_PREFIX)) return true;
  return false;
}

/** The kernel does not say whose its associations are: those that are expected are ours. */
async function retrieve(
  { driver }: KernelEngine,
  associations: Associations,
  context: RetrieveContext<SecurityAssociation, object>,
): Promise<readonly Retrieved<SecurityAssociation, object>[]> {
  if (context.expected.size === 0) return [];
  const states = byRequestId(await driver.xfrm(driver.vswitch).dump(listStates()));
  const found: Retrieved<SecurityAssociation, object>[] = [];
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    const state = findState(states, value);
    // Without addresses it is there when somebody uses it, and who does looks for it.
    const dormant = tunnelOf(value) === undefined || protectsTunnel(context, key);
    if (!state && !dormant) continue;
    associations.found(value, state);
    found.push({ key, value: state ? read(value, state) : value, metadata: {}, origin: 'ours' });
  }
  return found;
}

/** The value with what the kernel has in place of what was wanted. */
function read(wanted: SecurityAssociation, state: State): SecurityAssociation {
  const spec = specOf(wanted, state);
  if (isSameState(state, spec)) return wanted;
  const crypto = state.combined ?? state.encryption;
  const sameCrypto = hex(crypto?.key) === hex((spec.combined ?? spec.encryption)?.key);
  const sameCheck = hex(state.authentication?.key) === hex(spec.authentication?.key);
  return {
    ...wanted,
    cryptoKey: sameCrypto ? wanted.cryptoKey : hex(crypto?.key),
    integKey: sameCheck ? wanted.integKey : hex(state.authentication?.key),
    useEsn: state.extendedSequence ?? false,
    useAntiReplay: wanted.useEsn ? wanted.useAntiReplay : (state.replayWindow ?? 0) > 0,
    enableUdpEncap: state.udp !== undefined,
    tunnelSrcPort: state.udp?.sourcePort ?? 0,
    tunnelDstPort: state.udp?.destinationPort ?? 0,
    ...(sameCrypto && sameCheck && crypto?.name === (spec.combined ?? spec.encryption)?.name ? {} : { spi: 0 }),
  };
}

function hex(key: Uint8Array | undefined): string {
  return key ? Buffer.from(key).toString('hex') : '';
}
