/** Nodes of bridge domains and cross-connects. */

import { xconnectKey } from '../../../features/xconnect/model.ts';
import type { Hop } from '../trace.ts';
import { keyed, type NodeReader, numberAfter } from './way.ts';

export const forwards: NodeReader = (way, node) => {
  const { names } = way;
  const line = node.lines[0] ?? '';
  const [, from, mac = ''] = /sw_if_index (\d+) dst (\S+) src/.exec(line) ?? [];
  const [, index = '', flags = ''] = /result \[0x[0-9a-f]+, (-?\d+)\](.*)$/.exec(line) ?? [];
  const domain = names.domainOf(names.interface(Number(from)));
  const name = domain?.value.name ?? 'the bridge domain';
  const configured = domain && names.fib(domain.value.name, mac);
  const key = configured ?? domain?.key;
  const object = key === undefined ? {} : { key };
  // All bits set: there is no entry.
  if (/learn-event/.test(flags) || (index === '-1' && !/filter/.test(flags))) return;
  if (index === '-1') {
    const hop: Omit<Hop, 'observed'> = {
      by: 'bridge domain',
      text: `${name}: a DROP entry of its table has the destination`,
      ...object,
    };
    way.add(hop);
    return way.droppedBy(hop);
  }
  const port = names.interface(Number(index));
  const isBvi = names.domainOf(port)?.isBvi === true;
  const how = configured === undefined ? (isBvi ? 'own address' : 'learned') : 'configured';
  const text = `${name}: ${mac} (${how}) is behind ${isBvi ? 'its BVI ' : ''}${port.name}`;
  way.add({ by: 'forwarding table', text, ...object });
  if (isBvi) way.add({ by: 'interface', text: `${port.name} receives it`, ...keyed(port) });
};

export const floods: NodeReader = (way) => {
  const domain = way.input && way.names.domainOf(way.input);
  const text = `${domain?.value.name ?? 'the bridge domain'} floods it: it knows no port for the destination`;
  way.add({ by: 'bridge domain', text, ...keyed(domain) });
};

export const l2Output: NodeReader = (way, node) => {
  const { input } = way.probe;
  if (input === undefined || !way.snapshot.node(xconnectKey(input))?.applied) return;
  const output = way.names.interface(numberAfter(node, 'sw_if_index') ?? -1);
  const text = `takes what ${input} receives, to ${output.name}`;
  way.add({ by: 'cross-connect', text, key: xconnectKey(input) });
};
