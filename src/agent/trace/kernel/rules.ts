/** What a rule of one of our tables means in the configuration. */

import { abfKey } from '../../../features/abf/model.ts';
import { policyOfChain } from '../../../features/abf/kernel/program.ts';
import { aclKey } from '../../../features/acl/model.ts';
import { listOfChain } from '../../../features/acl/kernel/program.ts';
import { templateOf } from '../../../features/kernel/spread-tables.ts';
import { l3xconnectKey } from '../../../features/l3xconnect/model.ts';
import { NAT44_GLOBAL_KEY } from '../../../features/nat44/model.ts';
import { xconnectKey } from '../../../features/xconnect/model.ts';
import type { TraceEvent } from '../../../kernel/nftables/index.ts';
import { isOwnTable, tables } from '../../../kernel/pipeline/index.ts';
import type { Hop } from '../trace.ts';
import type { KernelNames, NamedDevice } from './names.ts';

/** A rule that applied, with its key (its comment). */
export interface AppliedRule {
  readonly event: TraceEvent;
  readonly key: string;
  readonly device: NamedDevice | undefined;
}

type Meaning = Omit<Hop, 'observed' | 'header'>;

/** Undefined: it only leads on to others. */
export function meaningOf(rule: AppliedRule, names: KernelNames): Meaning | undefined {
  const { event } = rule;
  const reader = readers[templateOf(event.table.name)];
  if (reader) return reader(rule, names);
  const ends = event.verdict?.verdict === 'drop';
  if (!ends) return undefined;
  const { family, name } = event.table;
  const whose = isOwnTable(name) ? 'of Ligature' : 'that Ligature did not make';
  return {
    by: 'filter',
    text: `rule ${JSON.stringify(rule.key)} in chain ${event.chain} of nftables table ${family} ${name}, ${whose}, drops it`,
  };
}

const readers: Readonly<Record<string, (rule: AppliedRule, names: KernelNames) => Meaning | undefined>> = {
  [tables.acl]: aclMeaning,
  [tables.macip]: macipMeaning,
  [tables.bridgeDomain]: bridgeMeaning,
  [tables.crossConnect]: crossConnectMeaning,
  [tables.l3CrossConnect]: l3CrossConnectMeaning,
  [tables.abf]: abfMeaning,
  [tables.nat44]: natMeaning,
};

function aclMeaning({ event, key, device }: AppliedRule): Meaning | undefined {
  const verdict = event.verdict?.verdict;
  const where = device ? ` of ${device.name}` : '';
  const direction = event.chain.startsWith('in') || event.chain.endsWith('-in') ? 'input' : 'output';
  const list = listOfChain(event.chain);
  if (list) {
    const rule = Number(/^rule (\d+)$/.exec(key)?.[1]);
    const action = verdict === 'drop' ? 'denies' : verdict === 'goto' ? 'permits and reflects' : 'permits';
    const side = list.direction === 'ingress' ? 'input' : 'output';
    return {
      by: 'access list',
      text: `${list.name} rule ${rule} ${action} it (${side}${where})`,
      key: aclKey(list.name),
      rule,
    };
  }
  if (event.chain.startsWith('sessions-') && verdict === 'accept')
    return { by: 'access list', text: `belongs to a session that a REFLECT rule made (${direction}${where})` };
  if (verdict === 'drop')
    return {
      by: 'access list',
      text: `no rule of the ${direction} lists${where} permits it`,
      ...(device?.key !== undefined && { key: device.key }),
    };
  if (key === 'not IP') return { by: 'access list', text: `not IP: passes (${direction}${where})` };
  return undefined;
}

function macipMeaning({ event, key, device }: AppliedRule, names: KernelNames): Meaning | undefined {
  const verdict = event.verdict?.verdict;
  if (verdict !== 'drop' && verdict !== 'accept') return undefined;
  const list = macipListOf(device, names);
  const rule = Number(/^rule (\d+)/.exec(key)?.[1]);
  const named = Number.isNaN(rule) ? {} : { rule };
  const what = Number.isNaN(rule) ? `no rule of ${list ?? 'the list'}` : `${list ?? 'the list'} rule ${rule}`;
  const action = verdict === 'accept' ? 'permits it' : Number.isNaN(rule) ? 'permits it' : 'denies it';
  return {
    by: 'MACIP list',
    text: `${what} ${action}${device ? ` (input of ${device.name})` : ''}`,
    ...(list !== undefined && { key: aclKey(list) }),
    ...named,
  };
}

function macipListOf(device: NamedDevice | undefined, names: KernelNames): string | undefined {
  for (const { applied } of names.snapshot().nodes({ kind: 'vpp.acls.acl.interface' })) {
    const binding = applied as { acl: string; interface: string; macip: boolean } | null;
    if (binding?.macip && binding.interface === device?.name) return binding.acl;
  }
  return undefined;
}

function bridgeMeaning({ event, key, device }: AppliedRule, names: KernelNames): Meaning | undefined {
  if (event.verdict?.verdict !== 'drop') return undefined;
  const bridge = device && names.bridgeOf(device.index);
  const reasons: Readonly<Record<string, string>> = {
    'drop entries': 'a DROP entry of its table has the destination',
    'forward: false': 'it does not forward (forward: false)',
    'split horizon': 'both ports are in one split-horizon group',
    'split horizon of the router': 'the BVI floods no port of its own split-horizon group',
    'nothing for the host': 'the frame is for the bridge itself, which is no router: the BVI is',
  };
  const text = `${bridge?.name ?? 'the bridge'}: ${reasons[key] ?? key}`;
  return { by: 'bridge domain', text, ...(bridge && { key: bridge.key }) };
}

function crossConnectMeaning({ device }: AppliedRule): Meaning | undefined {
  if (!device) return undefined;
  return { by: 'cross-connect', text: `takes what ${device.name} receives`, key: xconnectKey(device.name) };
}

function l3CrossConnectMeaning({ key, device }: AppliedRule): Meaning | undefined {
  const family = ({ IPv4: 4, IPv6: 6 } as const)[key];
  if (!device || !family) return undefined;
  return {
    by: 'L3 cross-connect',
    text: `takes the IPv${family} packets that ${device.name} receives`,
    key: l3xconnectKey(device.name, family),
  };
}

function abfMeaning({ event, key }: AppliedRule): Meaning | undefined {
  const policy = policyOfChain(event.chain);
  const rule = Number(/^rule (\d+)$/.exec(key)?.[1]);
  if (policy === undefined || event.verdict?.verdict !== 'accept') return undefined;
  return {
    by: 'ABF policy',
    text: `policy ${policy} takes it: rule ${rule} of its access list permits it`,
    key: abfKey(policy),
    rule,
  };
}

/** Translations are told by the headers; these are the drops. */
function natMeaning({ event, key }: AppliedRule): Meaning | undefined {
  if (event.verdict?.verdict !== 'drop') return undefined;
  const text =
    key === 'no mapping'
      ? 'comes from outside, has no mapping and no connection, and forwarding is off'
      : key === 'no pool for its VRF'
        ? 'no pool serves its VRF'
        : key === 'no port is free'
          ? 'the address that the sender has outside has no free port for it (endpoint-independent mode)'
          : `rule ${JSON.stringify(key)} drops it`;
  return { by: 'NAT44', text, key: NAT44_GLOBAL_KEY };
}
