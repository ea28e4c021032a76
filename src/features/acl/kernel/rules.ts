/** Rules of a list as nftables rules. One rule each, in the order of the list: the first that matches decides. */

import { ACL_Rule_Action as Action } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { ACL, ACL_Rule } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import { accept, drop, type Rule, type Statement } from '../../../kernel/nftables/index.ts';
import { aclMatch } from '../../kernel/acl-match.ts';
import type { Direction } from '../model.ts';
import { reflect } from './program.ts';

/** The key says which rule of the list it is, as people count: from 1. */
export function listRules({ rules }: ACL, direction: Direction): Rule[] {
  return rules.map((rule, index) => ({
    key: `rule ${index + 1}`,
    statements: [...aclMatch(rule), verdictOf(rule, direction)],
  }));
}

function verdictOf({ action }: ACL_Rule, direction: Direction): Statement {
  if (action === Action.REFLECT) return reflect(direction);
  return action === Action.PERMIT ? accept : drop;
}
