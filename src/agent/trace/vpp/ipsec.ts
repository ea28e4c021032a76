/** Nodes of IPsec: which rule of a database decides, which association protects. */

import { saKey } from '../../../features/ipsec/model.ts';
import { associationOf, associationText, protectionOf, ruleText } from '../objects/security.ts';
import type { Hop } from '../trace.ts';
import { keyed, type NodeReader, type Way } from './way.ts';

const by = 'IPsec';

/** `ipsec4-output-feature`: what the database of the interface says of what leaves. */
export const asksDatabase: NodeReader = (way, node, next) => {
  const [, spd, policy] = /^spd (\d+) policy (-?\d+)/.exec(node.lines[0] ?? '') ?? [];
  if (spd === undefined || policy === undefined) return;
  const dropped = next === undefined || /(?:^|-)drop$/.test(next.name);
  const found = way.facts.policyOf(Number(policy));
  const which = found ? ruleText(found.value) : `rule ${policy} of somebody else`;
  const hop: Omit<Hop, 'observed'> =
    policy === '-1'
      ? { by, text: `no rule of database ${spd} is for it${dropped ? '' : ': passes'}` }
      : { by, text: `database ${spd}: ${which}`, ...keyed(found) };
  way.add(hop);
  if (dropped) way.droppedBy(hop);
};

/** `esp4-encrypt`, `esp4-encrypt-tun`, `ah4-encrypt`, ... */
export const encrypts: NodeReader = (way, node) => {
  const index = /\bsa-index (\d+)/.exec(node.lines[0] ?? '')?.[1];
  const id = index === undefined ? undefined : way.facts.associationOf(Number(index));
  const found = id === undefined ? undefined : associationOf(way.snapshot, id);
  const key = id === undefined ? undefined : saKey(id);
  const text = found ? associationText(found.value) : `association ${id ?? '?'} of somebody else protects it`;
  const hop: Omit<Hop, 'observed'> = { by, text, ...(found && key !== undefined && { key }) };
  const isTunnel = node.name.endsWith('-tun');
  if (isTunnel) nameProtection(way);
  // Without a tunnel of its own it protects what the packet has, whose way is decided already.
  if (isTunnel || (found && found.value.tunnelSrcAddr !== '')) way.wraps(hop, { routedIn: 0 });
  else way.changes(hop);
};

function nameProtection(way: Way): void {
  const looked = way.lastLookUp;
  const tunnel = looked?.output;
  const protection = tunnel && protectionOf(way.snapshot, tunnel.name, looked.via);
  if (protection) way.add({ by, text: `${tunnel.name} is protected`, key: protection.key });
}
