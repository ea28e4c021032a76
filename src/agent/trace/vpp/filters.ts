/** Nodes of access lists and of what takes packets by them. */

import { abfKey } from '../../../features/abf/model.ts';
import { l3xconnectKey } from '../../../features/l3xconnect/model.ts';
import type { Hop } from '../trace.ts';
import { keyed, type NodeReader } from './way.ts';

export const accessList: NodeReader = (way, node) => {
  const { names } = way;
  const line = node.lines[0] ?? '';
  const [, interfaceIndex, action] = /sw_if_index (\d+), next index \d+, action: (\d+)/.exec(line) ?? [];
  const [, list, rule] = /match: acl (-?\d+) rule (-?\d+)/.exec(line) ?? [];
  const side = node.name.includes('-in-') ? 'input' : 'output';
  const where = names.interface(Number(interfaceIndex));
  const denies = action === '0';
  const by = 'access list';
  if (/trace_bits 8[0-9a-f]{7}/.test(line) && !denies)
    return way.add({ by, text: `belongs to a session that a REFLECT rule made (${side} of ${where.name})` });
  const found = names.aclRule(Number(list), Number(rule));
  const what = denies ? 'denies' : action === '2' ? 'permits and reflects' : 'permits';
  const whose = found?.name ?? `list ${list} of somebody else`;
  const hop: Omit<Hop, 'observed'> =
    Number(list) < 0
      ? { by, text: `no rule of the ${side} lists of ${where.name} permits it`, ...keyed(where) }
      : {
          by,
          text: `${whose} rule ${found?.rule ?? rule} ${what} it (${side} of ${where.name})`,
          ...keyed(found),
          ...(found?.rule !== undefined && { rule: found.rule }),
        };
  way.add(hop);
  if (denies) way.droppedBy(hop);
};

/** The classifier's entry carries the number of the rule, from 0. */
export const macip: NodeReader = (way, { lines }, next) => {
  const { input, names } = way;
  const list = input && names.macip(input);
  if (!input || !list) return;
  const denies = next !== undefined && next.name.endsWith('drop');
  const opaque = /^\[\d+\]: .*\bopaque (\d+)\b/m.exec(lines.join('\n'))?.[1];
  const rule = opaque === undefined ? undefined : names.macipRule(list.key, Number(opaque));
  const action = denies ? 'denies' : 'permits';
  const what = rule === undefined ? (denies ? `no rule of ${list.name}` : list.name) : `${list.name} rule ${rule}`;
  const hop: Omit<Hop, 'observed'> = {
    by: 'MACIP list',
    text: `${what} ${rule === undefined ? 'permits' : action} it (input of ${input.name})`,
    key: list.key,
    ...(rule !== undefined && { rule }),
  };
  way.add(hop);
  if (denies) way.droppedBy(hop);
};

export const steered: NodeReader = (way, node, next) => {
  if (next && /^ip[46]-lookup$|^abf-|^ip[46]-inacl$/.test(next.name)) return;
  const { input } = way.probe;
  for (const { applied } of way.snapshot.nodes({ kind: 'vpp.abfs.abf.interface' })) {
    const attached = applied as { abf: number; interface: string; ipv6: boolean } | null;
    if (!attached || attached.interface !== input || attached.ipv6 !== node.name.endsWith('6')) continue;
    return way.add({ by: 'ABF policy', text: `policy ${attached.abf} takes it`, key: abfKey(attached.abf) });
  }
};

export const crossConnected: NodeReader = (way, { name }) => {
  const { input } = way.probe;
  if (input === undefined) return;
  const family = name.endsWith('6') ? 6 : 4;
  const text = `takes the IPv${family} packets that ${input} receives`;
  way.add({ by: 'L3 cross-connect', text, key: l3xconnectKey(input, family) });
};
