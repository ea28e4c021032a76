/** Peers of WireGuard tunnels: `vpp.wg.peer`. */

import type { Peer } from '../../model/gen/ligato/vpp/wireguard/wireguard_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, nameProblem, prefixProblem, rangeProblem, report, reportDuplicates } from '../check.ts';
import { equivalence, sameIpText, sameSet, spelledNetwork } from '../equality.ts';
import { base64KeyProblem, interfaceDependency } from '../interface/model.ts';

const PREFIX = 'config/vpp/wg/v1/peer/';

export const wireguardPeer: Kind<Peer> = {
  name: 'vpp.wg.peer',
  prefix: PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<Peer>({
    endpoint: sameIpText,
    allowedIps: (left, right) => sameSet(left, right, spelledNetwork),
    // Found in the data plane, never configured.
    flags: () => true,
  }),
  dependencies: (_key, { wgIfName }) => [interfaceDependency(wgIfName)],
  claims: (_key, { wgIfName, publicKey, allowedIps }) => [
    `peer ${publicKey} of interface ${wgIfName}`,
    ...allowedIps.map((text) => `${spelledNetwork(text)} behind a peer of interface ${wgIfName}`),
  ],
};

function validate({ publicKey, port, persistentKeepalive, endpoint, wgIfName, allowedIps }: Peer): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, base64KeyProblem(publicKey), 'public_key');
  report(problems, rangeProblem(port, 0, 65535, 'UDP port'), 'port');
  report(problems, rangeProblem(persistentKeepalive, 0, 65535, 's'), 'persistent_keepalive');
  report(problems, ipProblem(endpoint), 'endpoint');
  report(problems, nameProblem(wgIfName, 'the name of a tunnel interface'), 'wg_if_name');
  for (const [index, text] of allowedIps.entries()) report(problems, prefixProblem(text), 'allowed_ips', index);
  reportDuplicates(problems, allowedIps, spelledNetwork, 'allowed_ips');
  return problems;
}

/** `endpoint` as it is configured. */
export function wireguardPeerKey(interfaceName: string, endpoint: string, port: number): Key {
  return asKey(`${PREFIX}${interfaceName}/endpoint/${endpoint}/${port}`);
}
