/**
 * `vpp.acls.acl.interface` in VPP. The lists of an interface, incoming and outgoing, are one ordered list of VPP's, always written
 * as a whole: in each direction they work in the order of their names. An interface has one MACIP list.
 */

import type { Key } from '../../../model/key.ts';
import type {
  AggregateChange,
  Handler,
  OperationContext,
  RetrieveContext,
  Retrieved,
} from '../../../scheduler/handler.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { aclDependency, aclInterfaceKey } from '../model.ts';
import type { AclInterface, Direction } from '../model.ts';
import { vppAclOf } from '../vpp-metadata.ts';
import { listsOf } from './acl.ts';

interface VppBinding {
  readonly swIfIndex: number;
  readonly aclIndex: number;
}

export function bindingHandler(engine: VppEngine): Handler<AclInterface, VppBinding> {
  const { client } = engine;

  const bindMacip = ({ signal }: OperationContext, { swIfIndex, aclIndex }: VppBinding, is_add: boolean) => {
    const fields = { is_add, sw_if_index: swIfIndex, acl_index: aclIndex };
    return client.request('macip_acl_interface_add_del', fields, { signal });
  };

  return {
    kind: 'vpp.acls.acl.interface',
    engine: 'vpp',
    unsupported: (_key, { macip }) =>
      macip
        ? lacking(engine, ['macip_acl_interface_add_del'], ['macip_acl_interface_list_dump'])
        : lacking(engine, ['acl_interface_set_acl_list'], ['acl_interface_list_dump']),
    dependencies: (_key, { acl }) => [aclDependency(acl)],
    aggregate: (_key, { interface: name, macip }) => (macip ? undefined : name),
    reconcile: (context, change) => reconcile(engine, context, change),
    async create(context, _key, value) {
      const binding = bindingOf(context, value);
      await bindMacip(context, binding, true);
      return binding;
    },
    async remove(context, _key, _value, binding) {
      await removed(bindMacip(context, binding, false));
    },
    retrieve: async (context) => [...(await retrieveLists(engine, context)), ...(await retrieveMacip(engine, context))],
    retrieveAfter: ['vpp.interfaces', 'vpp.acls.acl'],
  };
}

function bindingOf(context: OperationContext, value: AclInterface): VppBinding {
  return { swIfIndex: swIfIndexOf(context, value.interface), aclIndex: vppAclOf(context, value.acl).index };
}

async function reconcile(
  { client }: VppEngine,
  context: OperationContext,
  { before, after }: AggregateChange<AclInterface, VppBinding>,
): Promise<ReadonlyMap<Key, VppBinding | Error>> {
  const outcome = new Map<Key, VppBinding>();
  const ordered = Array.from(after).sort(([, left], [, right]) => (left.acl < right.acl ? -1 : 1));
  for (const [key, value] of ordered) outcome.set(key, bindingOf(context, value));
  const indexes = (direction: Direction) =>
    ordered.flatMap(([key, value]) => (value.direction === direction ? [outcome.get(key)!.aclIndex] : []));
  const input = indexes('ingress');
  const [binding] = outcome.size > 0 ? outcome.values() : Array.from(before.values(), ({ metadata }) => metadata);
  if (!binding) return outcome;
  const acls = [...input, ...indexes('egress')];
  const fields = { sw_if_index: binding.swIfIndex, n_input: input.length, acls };
  const request = client.request('acl_interface_set_acl_list', fields, { signal: context.signal });
  // An interface that is gone took its lists along.
  await (acls.length === 0 ? removed(request) : request);
  return outcome;
}

type Context = RetrieveContext<AclInterface, VppBinding>;
type Item = Retrieved<AclInterface, VppBinding>;

async function namesOfLists(engine: VppEngine, context: Context, macip: boolean): Promise<ReadonlyMap<number, string>> {
  const lists = await listsOf(engine, context);
  return new Map(lists.filter((list) => list.macip === macip).map(({ index, name }) => [index, name]));
}

async function retrieveLists(engine: VppEngine, context: Context): Promise<readonly Item[]> {
  const dump = vppDump(engine, context.session);
  const [names, interfaces, all] = await Promise.all([
    namesOfLists(engine, context, false),
    dump.interfaces(),
    dump.list('acl_interface_list_dump', { sw_if_index: NO_INDEX }),
  ]);
  const items: Item[] = [];
  for (const { sw_if_index: swIfIndex, n_input, acls } of all) {
    // VPP lists all numbers up to the highest one with a list, interfaces that are gone, too.
    if (acls.length === 0 || !interfaces.at(swIfIndex)) continue;
    const where = { interface: interfaces.nameOf(swIfIndex), swIfIndex };
    items.push(...inOrder(context, names, { ...where, direction: 'ingress', acls: acls.slice(0, n_input) }));
    items.push(...inOrder(context, names, { ...where, direction: 'egress', acls: acls.slice(n_input) }));
  }
  return items;
}

interface Place {
  readonly interface: string;
  readonly swIfIndex: number;
  readonly direction: Direction;
  readonly acls: readonly number[];
}

/** Those that are where they belong. What comes after a list of somebody else, or out of order, is not: the whole is written anew then. */
function inOrder(context: Context, names: ReadonlyMap<number, string>, place: Place): Item[] {
  const items: Item[] = [];
  let last = '';
  for (const aclIndex of place.acls) {
    const acl = names.get(aclIndex);
    if (acl === undefined) return [];
    if (acl < last) continue;
    last = acl;
    const { interface: name, direction, swIfIndex } = place;
    const key = aclInterfaceKey(acl, direction, name);
    if (context.keys && !context.keys.has(key)) continue;
    const value = { acl, interface: name, direction, macip: false };
    items.push({ key, value, metadata: { swIfIndex, aclIndex }, origin: 'ours' });
  }
  return items;
}

async function retrieveMacip(engine: VppEngine, context: Context): Promise<readonly Item[]> {
  const dump = vppDump(engine, context.session);
  const [names, interfaces, all] = await Promise.all([
    namesOfLists(engine, context, true),
    dump.interfaces(),
    dump.list('macip_acl_interface_list_dump', { sw_if_index: NO_INDEX }),
  ]);
  const items: Item[] = [];
  for (const { sw_if_index: swIfIndex, acls } of all) {
    for (const aclIndex of acls) {
      const acl = names.get(aclIndex);
      if (acl === undefined || !interfaces.at(swIfIndex)) continue;
      const name = interfaces.nameOf(swIfIndex);
      const key = aclInterfaceKey(acl, 'ingress', name);
      if (context.keys && !context.keys.has(key)) continue;
      const value: AclInterface = { acl, interface: name, direction: 'ingress', macip: true };
      items.push({ key, value, metadata: { swIfIndex, aclIndex }, origin: 'ours' });
    }
  }
  return items;
}
