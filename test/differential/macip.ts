/** Whether it matters in which order the MACIP rules that match a packet are tried. */

import { macIpMatch } from '../../src/features/acl/model.ts';
import { contains, parseIp, parseMac } from '../../src/model/address.ts';
import { createModelRegistry } from '../../src/model/index.ts';
import type { ACL, ACL_Rule } from '../../src/model/gen/ligato/vpp/acl/acl_pb.js';
import { parseConfiguration } from '../../src/model/config/index.ts';
import { type CaseConfig, hostMac, type JsonObject, PORTS, portName } from './network.ts';
import { isReply, type Step } from './packets.ts';

const registry = createModelRegistry();

interface Sender {
  readonly source: string;
  readonly mac: string;
  readonly port: number;
}

/** `lines`: what came out, from which who sent an answer is known. */
export function macipOrderMatters(config: CaseConfig, step: Step, lines: readonly string[]): boolean {
  return sendersOf(step, lines).some(({ source, mac, port }) => {
    const matching = rulesAt(config, portName(port)).filter((rule) => matches(rule, source, mac));
    return new Set(matching.map(({ action }) => action)).size > 1;
  });
}

function sendersOf(step: Step, lines: readonly string[]): readonly Sender[] {
  if (!isReply(step)) return [{ source: step.source, mac: step.sourceMac ?? hostMac(step.from), port: step.from }];
  return lines.flatMap((line) => {
    const source = / (\S+)>\S+ ttl/.exec(line)?.[1];
    return source === undefined ? [] : PORTS.map((port) => ({ source, mac: hostMac(port), port }));
  });
}

function rulesAt(config: CaseConfig, port: string): readonly ACL_Rule[] {
  const acls = ((config['acls'] ?? []) as readonly JsonObject[]).filter((list) =>
    JSON.stringify(list).includes('macip'),
  );
  const text = JSON.stringify({ vppConfig: { acls } });
  const lists = parseConfiguration(text, { registry }).values.map(({ value }) => value as unknown as ACL);
  return lists.filter(({ interfaces }) => interfaces?.ingress.includes(port)).flatMap(({ rules }) => rules);
}

function matches({ macipRule }: ACL_Rule, source: string, mac: string): boolean {
  const address = parseIp(source);
  if (!macipRule || !address) return false;
  const match = macIpMatch(macipRule);
  const masked = parseMac(mac)!.map((byte, index) => byte & match.macMask[index]!);
  return (
    match.source.address.family === address.family &&
    contains(match.source, address) &&
    masked.every((byte, index) => byte === match.mac[index])
  );
}
