/** `vpp.abfs.abf.interface` in VPP: a policy on an interface. */

import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { AbfItfAttach } from '../../../vpp/index.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { abfInterfaceKey, abfKey } from '../model.ts';
import type { AbfInterface } from '../model.ts';

export function attachmentHandler(engine: VppEngine): Handler<AbfInterface, AbfItfAttach> {
  const attachOrDetach = ({ signal }: OperationContext, attach: AbfItfAttach, is_add: boolean) =>
    engine.client.request('abf_itf_attach_add_del', { is_add, attach }, { signal });

  function attachOf(context: OperationContext, value: AbfInterface): AbfItfAttach {
    const sw_if_index = swIfIndexOf(context, value.interface);
    return { policy_id: value.abf, sw_if_index, priority: value.priority, is_ipv6: value.ipv6 };
  }

  return {
    kind: 'vpp.abfs.abf.interface',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['abf_itf_attach_add_del'], ['abf_itf_attach_dump']),
    // VPP dies of an attachment to a policy that it does not have (abf_itf_attach.c has an ASSERT and no check).
    dependencies: (_key, { abf }) => [{ label: `ABF policy ${abf}`, key: abfKey(abf) }],
    async create(context, _key, value) {
      const attach = attachOf(context, value);
      await attachOrDetach(context, attach, true);
      return attach;
    },
    // VPP knows no other way, and no packet comes in between: it works off both before it looks at the next.
    async update(context, _key, _from, to, metadata) {
      const attach = attachOf(context, to);
      await Promise.all([removed(attachOrDetach(context, metadata, false)), attachOrDetach(context, attach, true)]);
      return attach;
    },
    // The family has to be the one that VPP has: it finds attachments without it, and then writes past the list of that family.
    remove: (context, _key, _value, metadata) => removed(attachOrDetach(context, metadata, false)),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.abfs.abf'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<AbfInterface, AbfItfAttach>,
): Promise<readonly Retrieved<AbfInterface, AbfItfAttach>[]> {
  const dump = vppDump(engine, context.session);
  const [interfaces, attachments] = await Promise.all([dump.interfaces(), dump.list('abf_itf_attach_dump')]);
  const retrieved: Retrieved<AbfInterface, AbfItfAttach>[] = [];
  for (const { attach } of attachments) {
    const { policy_id: abf, sw_if_index, priority, is_ipv6: ipv6 } = attach;
    const name = interfaces.nameOf(sw_if_index);
    const key = abfInterfaceKey(abf, name);
    if (context.keys && !context.keys.has(key)) continue;
    const isOurs = context.expected.has(key) || (interfaces.at(sw_if_index)?.tag ?? '') !== '';
    const value: AbfInterface = { abf, interface: name, priority, ipv6 };
    retrieved.push({ key, value, metadata: attach, origin: isOurs ? 'ours' : 'foreign' });
  }
  return retrieved;
}
