/** SUB_INTERFACE: the packets of one VLAN of an Ethernet interface. */

import {
  Interface_Type,
  SubInterface_TagRewriteOptions as Rewrite,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { SubInterface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { OperationContext } from '../../../scheduler/handler.ts';
import type { InterfaceDetails } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { swIfIndexOf } from '../vpp-metadata.ts';
import { linkOf } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';

export function subInterfaceMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;

  /** Our numbers of rewrites are those of VPP (`l2_vtr_op_t`). */
  async function rewrite({ signal }: OperationContext, sw_if_index: number, sub: SubInterface): Promise<void> {
    const { vtr_op, push_dot1q, tag1, tag2 } = rewriteOf(sub);
    await client.request('l2_interface_vlan_tag_rewrite', { sw_if_index, vtr_op, push_dot1q, tag1, tag2 }, { signal });
  }

  return {
    type: Interface_Type.SUB_INTERFACE,
    // It has the one of the interface that it is on; `isSubInterface` tells.
    deviceTypes: [],
    unsupported: () => lacking(engine, ['create_vlan_subif'], ['delete_subif'], ['l2_interface_vlan_tag_rewrite']),
    async create(context, value) {
      const sub = linkOf(value, 'sub');
      const fields = { sw_if_index: swIfIndexOf(context, sub.parentName), vlan_id: sub.subId };
      const { sw_if_index } = await client.request('create_vlan_subif', fields, { signal: context.signal });
      if (sub.tagRwOption === Rewrite.DISABLED) return sw_if_index;
      try {
        await rewrite(context, sw_if_index, sub);
      } catch (error) {
        await client.request('delete_subif', { sw_if_index }, { signal: context.signal }).catch(() => undefined);
        throw error;
      }
      return sw_if_index;
    },
    async remove({ signal }, _value, { swIfIndex }) {
      await client.request('delete_subif', { sw_if_index: swIfIndex }, { signal });
    },
    recreate(from, to) {
      const [before, after] = [linkOf(from, 'sub'), linkOf(to, 'sub')];
      return before.parentName !== after.parentName || before.subId !== after.subId;
    },
    async update(context, from, to, { swIfIndex }) {
      const [before, after] = [linkOf(from, 'sub'), linkOf(to, 'sub')];
      if (!sameRewrite(rewriteOf(before), rewriteOf(after))) await rewrite(context, swIfIndex, after);
    },
    async read({ details, dump, wanted }) {
      if (wanted.link.case !== 'sub') return undefined;
      const { value } = wanted.link;
      const parentName = (await dump.interfaces()).nameOf(details.sup_sw_if_index);
      return { case: 'sub', value: { ...value, parentName, subId: details.sub_id, ...readRewrite(details, value) } };
    },
  };
}

export function isSubInterface({ type, sup_sw_if_index, sw_if_index }: InterfaceDetails): boolean {
  return type === 'IF_API_TYPE_SUB' && sup_sw_if_index !== sw_if_index;
}

type Rewriting = Readonly<Record<'vtr_op' | 'push_dot1q' | 'tag1' | 'tag2', number>>;

const WRITES_NONE: ReadonlySet<Rewrite> = new Set([Rewrite.DISABLED, Rewrite.POP1, Rewrite.POP2]);
const WRITES_TWO: ReadonlySet<Rewrite> = new Set([Rewrite.PUSH2, Rewrite.TRANSLATE12, Rewrite.TRANSLATE22]);

/** What a rewrite does not use is 0: VPP tells no more. */
function rewriteOf({ tagRwOption: vtr_op, pushDot1q, tag1, tag2 }: SubInterface): Rewriting {
  const writes = !WRITES_NONE.has(vtr_op);
  return {
    vtr_op,
    push_dot1q: writes && pushDot1q ? 1 : 0,
    tag1: writes ? tag1 : 0,
    tag2: WRITES_TWO.has(vtr_op) ? tag2 : 0,
  };
}

function sameRewrite(left: Rewriting, right: Rewriting): boolean {
  return (
    left.vtr_op === right.vtr_op &&
    left.push_dot1q === right.push_dot1q &&
    left.tag1 === right.tag1 &&
    left.tag2 === right.tag2
  );
}

function readRewrite(
  { vtr_op, vtr_push_dot1q, vtr_tag1, vtr_tag2 }: InterfaceDetails,
  wanted: SubInterface,
): Partial<SubInterface> {
  const found = { tagRwOption: vtr_op, pushDot1q: vtr_push_dot1q !== 0, tag1: vtr_tag1, tag2: vtr_tag2 };
  return sameRewrite(rewriteOf({ ...wanted, ...found }), rewriteOf(wanted)) ? {} : found;
}
