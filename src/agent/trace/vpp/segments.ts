/** Nodes of segment routing. */

import { parseIp } from '../../../model/address.ts';
import {
  frameSteering,
  functionText,
  listTaken,
  localSidOf,
  type Named,
  policyOf,
  policyOfSteering,
  steeringTo,
  unpacks,
} from '../objects/segments.ts';
import type { Policy } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Hop } from '../trace.ts';
import { keyed, type NodeReader, type Way } from './way.ts';

/** `sr-pl-rewrite-encaps-v4`, `sr-pl-rewrite-insert`, `sr-pl-rewrite-b-encaps`, ... */
export const takesPolicy: NodeReader = (way, node) => {
  const [, source = '', first = ''] = /SR-policy-rewrite: src (\S+) dst (\S+)/.exec(node.lines.join('\n')) ?? [];
  const policy = policyTaken(way, node.name, first);
  const list = policy && listTaken(policy.value, first);
  const inserts = node.name.includes('insert');
  const name = policy ? `policy ${policy.value.bsid}` : 'a policy of somebody else';
  const how = inserts ? 'puts segments into it' : `wraps it: ${source} -> ${first}`;
  const hop: Omit<Hop, 'observed'> = {
    by: 'SRv6 policy',
    text: `${name} ${how}, ${list?.text ?? `segment ${first}`}`,
    ...keyed(policy),
    ...(list?.rule !== undefined && { rule: list.rule }),
  };
  if (inserts) way.changes(hop);
  else way.wraps(hop, {});
};

function policyTaken(way: Way, node: string, first: string): Named<Policy> | undefined {
  const { snapshot, header } = way;
  if (node.includes('-b-')) return policyOf(snapshot, header.destination);
  if (node.endsWith('-l2')) {
    const steering = way.input && frameSteering(snapshot, way.input.name);
    return steering && policyOfSteering(snapshot, steering.value);
  }
  const destination = parseIp(header.destination);
  return destination && steeringTo(snapshot, destination, first);
}

/** `sr-localsid`, `sr-localsid-d`, ... */
export const endsSegment: NodeReader = (way, node) => {
  const text = node.lines.join('\n');
  const sid = /Localsid: (\S+)/.exec(text)?.[1];
  if (sid === undefined) return;
  const found = localSidOf(way.snapshot, sid);
  const behaviour = /Behavior: (.*)/.exec(text)?.[1] ?? '';
  const what = found ? functionText(found.value) : behaviour;
  const hop: Omit<Hop, 'observed'> = { by: 'segment', text: `${sid} ends here: ${what}`, ...keyed(found) };
  const isUnpacked = found ? unpacks(found.value) : behaviour.startsWith('Decapsulation');
  if (isUnpacked) way.unwraps(hop);
  else way.changes(hop);
};
