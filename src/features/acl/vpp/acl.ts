/** `vpp.acls.acl` in VPP: a list of its ACL plugin, by IP header or by source MAC and IP address. */

import { create } from '@bufbuild/protobuf';
import { ACLSchema } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { ACL, ACL_Rule } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { aclKey, isMacip } from '../model.ts';
import { aclNames } from '../vpp-metadata.ts';
import type { VppAcl } from '../vpp-metadata.ts';
import { aclRules, macipRules, readAclRule, readMacipRule, sameAclRules } from './rule.ts';

export function aclHandler(engine: VppEngine): Handler<ACL, VppAcl> {
  const { client } = engine;

  /** VPP replaces the rules of a list at once: no packet meets half of them, and interfaces keep it. */
  async function write({ signal }: OperationContext, { name: tag, rules }: ACL, at: VppAcl): Promise<VppAcl> {
    const { acl_index: index } = at.macip
      ? await client.request(
          'macip_acl_add_replace',
          { acl_index: at.index, tag, r: [...macipRules(rules)] },
          { signal },
        )
      : await client.request('acl_add_replace', { acl_index: at.index, tag, r: [...aclRules(rules)] }, { signal });
    return { index, macip: at.macip };
  }

  return {
    kind: 'vpp.acls.acl',
    engine: 'vpp',
    unsupported: (_key, value) =>
      isMacip(value)
        ? lacking(engine, ['macip_acl_add_replace'], ['macip_acl_del'], ['macip_acl_dump'])
        : lacking(engine, ['acl_add_replace'], ['acl_del'], ['acl_dump']),
    create: (context, _key, value) => write(context, value, { index: NO_INDEX, macip: isMacip(value) }),
    // By what is in VPP: a list that somebody emptied does not tell by its rules.
    recreate: (_key, _from, to, { macip }) => macip !== isMacip(to),
    async update(context, _key, from, to, metadata) {
      return from.rules === to.rules ? metadata : write(context, to, metadata);
    },
    async remove({ signal }, _key, _value, { index, macip }) {
      await removed(client.request(macip ? 'macip_acl_del' : 'acl_del', { acl_index: index }, { signal }));
    },
    retrieve: (context) => retrieve(engine, context),
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<ACL, VppAcl>,
): Promise<readonly Retrieved<ACL, VppAcl>[]> {
  const retrieved: Retrieved<ACL, VppAcl>[] = [];
  for (const { name, index, macip, rulesFor } of await listsOf(engine, context)) {
    const key = aclKey(name);
    if (context.keys && !context.keys.has(key)) continue;
    const expected = context.expected.get(key)?.value;
    const value = { ...(expected ?? create(ACLSchema, { name })), rules: rulesFor(expected?.rules ?? []) };
    retrieved.push({ key, value, metadata: { index, macip }, origin: 'ours' });
  }
  return retrieved;
}

interface FoundAcl {
  readonly name: string;
  readonly index: number;
  readonly macip: boolean;
  /** The rules, in the wanted spelling where that means the same. */
  rulesFor(wanted: readonly ACL_Rule[]): ACL_Rule[];
}

/** The lists of VPP that have a tag: by hand nobody gives one. */
export async function listsOf(
  engine: VppEngine,
  { session }: { readonly session: object },
): Promise<readonly FoundAcl[]> {
  const dump = vppDump(engine, session);
  const [names, lists, macip] = await Promise.all([
    aclNames(engine, { session }),
    dump.list('acl_dump', { acl_index: NO_INDEX }),
    dump.list('macip_acl_dump', { acl_index: NO_INDEX }),
  ]);
  const found: FoundAcl[] = [];
  for (const { acl_index: index, r } of lists) {
    const name = names.get(index);
    if (name === undefined) continue;
    const rulesFor = (wanted: readonly ACL_Rule[]) =>
      sameAclRules(r, aclRules(wanted)) ? [...wanted] : r.map(readAclRule);
    found.push({ name, index, macip: false, rulesFor });
  }
  const taken = new Set(names.values());
  for (const { tag, acl_index: index, r } of macip) {
    if (tag === '') continue;
    const name = taken.has(tag) ? `${tag}/macip/${index}` : tag;
    taken.add(tag);
    found.push({ name, index, macip: true, rulesFor: () => r.map(readMacipRule) });
  }
  return found;
}
