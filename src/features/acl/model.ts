/** Access control lists: `vpp.acls.acl` and the interfaces they work on. */

import type { ACL, ACL_Rule } from '../../model/gen/ligato/vpp/acl/acl_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import { structurallyEqual } from '../../scheduler/equality.ts';
import type { Dependency, Kind, Part } from '../../scheduler/kind.ts';
import { equivalence, sameList, sameTextSet } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';
import { ruleText } from './model/rule.ts';
import { validateAcl } from './model/validate.ts';

export { ICMP, ICMPV6, ipMatch, macIpMatch, TCP, UDP } from './model/rule.ts';
export type { IpMatch, MacIpMatch, Range } from './model/rule.ts';

const PREFIX = 'config/vpp/acls/v2/acl/';

export type Direction = 'ingress' | 'egress';

/** A list on an interface (`vpp.acls.acl.interface`). Several lists on one interface work in the order of their names. */
export interface AclInterface {
  readonly acl: string;
  readonly interface: string;
  readonly direction: Direction;
  readonly macip: boolean;
}

export const acl: Kind<ACL> = {
  name: 'vpp.acls.acl',
  prefix: PREFIX,
  validate: (_key, value) => validateAcl(value),
  equivalent: equivalence<ACL>({
    rules: (left, right) => sameList(left, right, sameRule),
    interfaces: (left, right) =>
      sameTextSet(left?.ingress ?? [], right?.ingress ?? []) && sameTextSet(left?.egress ?? [], right?.egress ?? []),
  }),
  parts(_key, value) {
    const { ingress = [], egress = [] } = value.interfaces ?? {};
    return [...bindings(value, 'ingress', ingress), ...bindings(value, 'egress', egress)];
  },
};

export const aclInterface: Kind<AclInterface> = {
  name: 'vpp.acls.acl.interface',
  dependencies: (_key, { interface: name }) => [interfaceDependency(name)],
  claims: (_key, { interface: name, macip }) => (macip ? [`MACIP list of interface ${name}`] : NO_CLAIMS),
};

const NO_CLAIMS: readonly string[] = [];

/** Whether the list filters by source MAC and IP address; else by IP header. */
export function isMacip({ rules }: ACL): boolean {
  return rules[0]?.macipRule !== undefined;
}

function bindings(value: ACL, direction: Direction, names: readonly string[]): readonly Part[] {
  const macip = isMacip(value);
  return names.map((name) => {
    const binding: AclInterface = { acl: value.name, interface: name, direction, macip };
    return { key: aclInterfaceKey(value.name, direction, name), kind: aclInterface.name, value: binding };
  });
}

function sameRule(left: ACL_Rule, right: ACL_Rule): boolean {
  return structurallyEqual(left, right) || ruleText(left) === ruleText(right);
}

export function aclKey(name: string): Key {
  return asKey(PREFIX + name);
}

export function aclInterfaceKey(name: string, direction: Direction, interfaceName: string): Key {
  return asKey(`vpp/acl/${name}/interface/${direction}/${interfaceName}`);
}

export function aclDependency(name: string): Dependency {
  return { label: `ACL ${name}`, key: aclKey(name) };
}
